package directconnect

// AttachmentState is the state of an interface's attachment to a Direct Connect gateway (API reference,
// DirectConnectGatewayAttachmentState). It is derived from the interface.
type AttachmentState string

const (
	Attaching AttachmentState = "attaching"
	Attached  AttachmentState = "attached"
	Detaching AttachmentState = "detaching"
	Detached  AttachmentState = "detached"
)

// AttachmentStates lists every state, in the order of a life.
var AttachmentStates = []AttachmentState{Attaching, Attached, Detaching, Detached}

// AttachmentState answers how the interface hangs on its gateway, and false when it hangs on none.
func (v VirtualInterface) AttachmentState() (AttachmentState, bool) {
	if v.GatewayID == "" {
		return "", false
	}
	switch v.State {
	case InterfaceConfirming, InterfaceVerifying, InterfacePending:
		return Attaching, true
	case InterfaceDeleting:
		return Detaching, true
	case InterfaceDeleted, InterfaceRejected:
		return Detached, true
	}
	return Attached, true
}

// AttachmentType is the wire's attachmentType.
func (v VirtualInterface) AttachmentType() string {
	if v.Type == Transit {
		return "TransitVirtualInterface"
	}
	return "PrivateVirtualInterface"
}

package directconnect

import "fmt"

// Kind says which of the service's exceptions an error becomes on the wire (API reference, "Common Errors" and each
// operation's Errors section). There are few on purpose: the text is the contract.
type Kind int

const (
	// Client is DirectConnectClientException: validation, not found, conflict, quota.
	Client Kind = iota
	// Server is DirectConnectServerException: the fault is ours.
	Server
	// DuplicateTagKeys is DuplicateTagKeysException.
	DuplicateTagKeys
	// TooManyTags is TooManyTagsException.
	TooManyTags
	// LimitExceeded is LimitExceededException, raised by rate limiters only.
	LimitExceeded
	// NotBuilt marks an operation that this server does not have yet.
	NotBuilt
)

// Error is a rule that was broken, in words meant for the caller. Message never holds a secret.
type Error struct {
	Kind    Kind
	Message string
}

func (e *Error) Error() string { return e.Message }

// Clientf is a DirectConnectClientException with a formatted message.
func Clientf(format string, args ...any) *Error {
	return &Error{Kind: Client, Message: fmt.Sprintf(format, args...)}
}

// Required is the answer to an absent member that the model marks as required. The service's own wording is not known
// for most members (fact sheet 1.5); ours names the member as the wire spells it.
func Required(member string) *Error { return Clientf("%s is required.", member) }

package audit

import "strings"

// Kind is what sort of thing an identifier names.
type Kind int

// The kinds. Those from Other on have no ARN (IAM, "Actions, resources, and condition keys for AWS Direct Connect").
const (
	Connection Kind = iota // interconnects as well
	LAG
	VirtualInterface
	Gateway
	ResiliencyGroup
	Other
	byARN
)

// Named is a resource as a request or an answer names it.
type Named struct {
	Kind Kind
	ID   string
}

// naming are the members that name resources, in requests and in answers.
var naming = map[string]Kind{
	"connectionId": Connection, "interconnectId": Connection, "parentConnectionId": Connection, "connectionIds": Connection,
	"connectionIdentifiers": Connection, "connectionIdentifier": Connection,
	"lagId": LAG, "virtualInterfaceId": VirtualInterface, "directConnectGatewayId": Gateway,
	"resiliencyGroupId": ResiliencyGroup,
	"resourceArn":       byARN, "resourceArns": byARN,
	"associationId": Other, "proposalId": Other, "bgpPeerId": Other, "virtualGatewayId": Other, "gatewayId": Other, "testId": Other,
}

// Resource is an entry of a record's resources.
type Resource struct{ ARN, Account, Type string }

// RoleResource is what a record says of a role.
func RoleResource(arn, account string) Resource {
	return Resource{ARN: arn, Account: account, Type: "AWS::IAM::Role"}
}

// kinds are the type and the first part of the ARN's resource; regional ones have the Region in their ARN.
var kinds = map[Kind]struct {
	resourceType, path string
	regional           bool
}{
	Connection:       {"AWS::DirectConnect::Connection", "dxcon", true},
	LAG:              {"AWS::DirectConnect::Lag", "dxlag", true},
	VirtualInterface: {"AWS::DirectConnect::VirtualInterface", "dxvif", true},
	Gateway:          {"AWS::DirectConnect::DirectConnectGateway", "dx-gateway", false},
	ResiliencyGroup:  {"AWS::DirectConnect::ResiliencyGroup", "dx-resiliency-group", false},
}

// Resource is what a record says of n as an account's resource; ok is false of what has no ARN.
func (n Named) Resource(partition, region, account string) (Resource, bool) {
	if n.Kind == Connection && strings.HasPrefix(n.ID, "dxlag-") { // members named connectionId take LAGs, too
		n.Kind = LAG
	}
	k, ok := kinds[n.Kind]
	if !ok {
		return Resource{}, false
	}
	if !k.regional {
		region = ""
	}
	arn := "arn:" + partition + ":directconnect:" + region + ":" + account + ":" + k.path + "/" + n.ID
	return Resource{ARN: arn, Account: account, Type: k.resourceType}, true
}

// ofARN is the resource of an ARN, as far as it is one of this service.
func ofARN(arn string) Named {
	tail := arn[strings.LastIndexByte(arn, ':')+1:]
	path, id, _ := strings.Cut(tail, "/")
	for kind, k := range kinds {
		if k.path == path {
			return Named{kind, id}
		}
	}
	return Named{Other, id}
}

// longestID bounds what is taken for an identifier: the longest, a role with its account, has 82 characters.
const longestID = 96

// plain reports whether a text may be an identifier: nothing but letters, digits and what IAM's names and the ports of routers
// (router/xe-0/0/0:1) have beside them.
func plain(id string) bool {
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && strings.IndexByte("-_+=,.@/:", c) < 0 {
			return false
		}
	}
	return id != "" && len(id) <= longestID
}

// ID is what a resource is found by: the identifier itself, or the end of an ARN.
func ID(resource string) string {
	if !strings.HasPrefix(resource, "arn:") {
		return resource
	}
	return resource[strings.LastIndexAny(resource, "/:")+1:]
}

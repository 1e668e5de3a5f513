package conformance

import (
	"strings"
	"testing"
)

// The operations, for a table that can be read.
const (
	createGateway, describeGateways = "CreateDirectConnectGateway", "DescribeDirectConnectGateways"
	updateGateway, removeGateway    = "UpdateDirectConnectGateway", "DeleteDirectConnectGateway"
	createJoin, describeJoins       = "CreateDirectConnectGatewayAssociation", "DescribeDirectConnectGatewayAssociations"
	updateJoin, removeJoin          = "UpdateDirectConnectGatewayAssociation", "DeleteDirectConnectGatewayAssociation"
	createProposal                  = "CreateDirectConnectGatewayAssociationProposal"
	describeProposals               = "DescribeDirectConnectGatewayAssociationProposals"
	acceptProposal, removeProposal  = "AcceptDirectConnectGatewayAssociationProposal", "DeleteDirectConnectGatewayAssociationProposal"
	describeAttachments             = "DescribeDirectConnectGatewayAttachments"
)

// badGatewayWords makes gateways: one that is associated, its association and a far side, one on its way out, one of
// another account, and proposals: bob's, open, and one of alice's own that she withdrew.
func badGatewayWords(t testing.TB, w *world, a *caller) []string {
	b := w.as(t, bob)
	gateway, leaving, theirs := a.gateway(t, "x"), a.gateway(t, "x"), b.gateway(t, "x")
	got(a.deleteGateway(t, leaving))(t)
	association := a.joined(t, gateway, vgw, "10.0.0.0/8")
	open := b.proposed(t, gateway, alice, "vgw-ffffffff")
	withdrawn := a.proposed(t, gateway, alice, "vgw-eeeeeeee")
	got(a.withdraw(t, withdrawn))(t)
	return []string{
		"{gw}", gateway, "{leaving}", leaving, "{theirs}", theirs, "{assoc}", association, "{open}", open, "{withdrawn}", withdrawn,
		"{vgw}", vgw, "{tgw}", tgw, "{nobody}", noDXGW, "{NOBODY}", strings.ToUpper(noDXGW), "{bob}", bob, "{alice}", alice,
		"{100}", strings.Repeat("n", 100), "{101}", strings.Repeat("n", 101),
	}
}

func badJoin(members string) string { return `{"directConnectGatewayId":"{gw}",` + members + `}` }

func badProposal(members string) string {
	return `{"directConnectGatewayId":"{gw}","directConnectGatewayOwnerAccount":"{alice}","gatewayId":"{vgw}",` + members + `}`
}

func badAccept(members string) string {
	return `{"directConnectGatewayId":"{gw}","proposalId":"{open}","associatedGatewayOwnerAccount":"{bob}",` + members + `}`
}

const (
	noGateway     = "Direct Connect Gateway {nobody} does not exist."
	noAssociation = "Direct Connect Gateway Association {nobody} does not exist."
	noProposal    = "Direct Connect Gateway Association Proposal {nobody} is not found."
	asnRange      = " is not valid. Valid values are 64512 to 65534 and 4200000000 to 4294967294."
)

var badGateways = []bad{
	{createGateway, `{}`, "directConnectGatewayName is required."},
	{createGateway, `{"directConnectGatewayName":null}`, "directConnectGatewayName is required."},
	{createGateway, `{"directConnectGatewayName":""}`, "directConnectGatewayName is required."},
	{createGateway, `{"directConnectGatewayName":"{101}"}`, "directConnectGatewayName must be at most 100 characters long."},
	{createGateway, `{"directConnectGatewayName":"a\nb"}`, "directConnectGatewayName contains invalid characters."},
	{createGateway, `{"directConnectGatewayName":"a\u0000b"}`, "directConnectGatewayName contains invalid characters."},
	{createGateway, `{"directConnectGatewayName":7}`, serialization + ": NUMBER_VALUE can not be converted to a String, at directConnectGatewayName"},
	{createGateway, `{"directConnectGatewayName":"x","amazonSideAsn":0}`, "Amazon ASN 0" + asnRange},
	{createGateway, `{"directConnectGatewayName":"x","amazonSideAsn":65535}`, "Amazon ASN 65535" + asnRange},
	{createGateway, `{"directConnectGatewayName":"x","amazonSideAsn":4294967295}`, "Amazon ASN 4294967295" + asnRange},
	{createGateway, `{"directConnectGatewayName":"x","amazonSideAsn":-9223372036854775808}`, "Amazon ASN -9223372036854775808" + asnRange},
	{createGateway, `{"directConnectGatewayName":"x","amazonSideAsn":"64512"}`, serialization + ": STRING_VALUE can not be converted to a Long, at amazonSideAsn"},
	{createGateway, `{"directConnectGatewayName":"x","tags":[{"key":"k"},{"key":"k"}]}`, duplicate + ": A tag key was specified more than once: k"},
	{createGateway, `{"directConnectGatewayName":"x","tags":[{"key":"?"}]}`, "Tag key ? contains invalid characters."},

	{describeGateways, `{"directConnectGatewayId":""}`, "directConnectGatewayId  has an invalid format."},
	{describeGateways, `{"directConnectGatewayId":"{con}"}`, "directConnectGatewayId {con} has an invalid format."},
	{describeGateways, `{"directConnectGatewayId":"{NOBODY}"}`, "directConnectGatewayId {NOBODY} has an invalid format."},
	{describeGateways, `{"maxResults":0}`, "maxResults 0 is not valid. It must be at least 1."},
	{describeGateways, `{"nextToken":""}`, "nextToken is not valid."},

	{updateGateway, `{}`, "directConnectGatewayId is required."},
	{updateGateway, `{"directConnectGatewayId":"{gw}"}`, "newDirectConnectGatewayName is required."},
	{updateGateway, `{"directConnectGatewayId":"{gw}","newDirectConnectGatewayName":""}`, "newDirectConnectGatewayName is required."},
	{updateGateway, `{"directConnectGatewayId":"{gw}","newDirectConnectGatewayName":"{101}"}`, "newDirectConnectGatewayName must be at most 100 characters long."},
	{updateGateway, `{"directConnectGatewayId":"{gw}","newDirectConnectGatewayName":"\u007f"}`, "newDirectConnectGatewayName contains invalid characters."},
	{updateGateway, `{"directConnectGatewayId":"x","newDirectConnectGatewayName":"y"}`, "directConnectGatewayId x has an invalid format."},
	{updateGateway, `{"directConnectGatewayId":"{nobody}","newDirectConnectGatewayName":"y"}`, noGateway},
	{updateGateway, `{"directConnectGatewayId":"{theirs}","newDirectConnectGatewayName":"y"}`, "Direct Connect Gateway {theirs} does not exist."},
	{updateGateway, `{"directConnectGatewayId":"{leaving}","newDirectConnectGatewayName":"y"}`, "Direct Connect Gateway {leaving} does not exist."},

	{removeGateway, `{}`, "directConnectGatewayId is required."},
	{removeGateway, `{"directConnectGatewayId":" {gw}"}`, "directConnectGatewayId  {gw} has an invalid format."},
	{removeGateway, `{"directConnectGatewayId":"{nobody}"}`, noGateway},
	{removeGateway, `{"directConnectGatewayId":"{theirs}"}`, "Direct Connect Gateway {theirs} does not exist."},
	{removeGateway, `{"directConnectGatewayId":"{gw}"}`, "Direct Connect Gateway {gw} has attached virtual interfaces or gateway associations."},

	{createJoin, `{}`, "directConnectGatewayId is required."},
	{createJoin, `{"directConnectGatewayId":"{gw}"}`, "gatewayId is required."},
	{createJoin, `{"gatewayId":"vgw-00000001"}`, "directConnectGatewayId is required."},
	{createJoin, `{"directConnectGatewayId":"{nobody}","gatewayId":"vgw-00000001"}`, noGateway},
	{createJoin, `{"directConnectGatewayId":"{leaving}","gatewayId":"vgw-00000001"}`, "Direct Connect Gateway {leaving} does not exist."},
	{createJoin, `{"directConnectGatewayId":"{theirs}","gatewayId":"vgw-00000001"}`, "Direct Connect Gateway {theirs} does not exist."},
	{createJoin, badJoin(`"gatewayId":""`), "gatewayId is required."},
	{createJoin, badJoin(`"gatewayId":"vgw-123"`), "The VirtualGateway vgw-123 does not exist."},
	{createJoin, badJoin(`"gatewayId":"vgw-ABCDEF01"`), "The VirtualGateway vgw-ABCDEF01 does not exist."},
	{createJoin, badJoin(`"gatewayId":"tgw-12345678"`), "The TransitGateway tgw-12345678 does not exist."},
	{createJoin, badJoin(`"gatewayId":"vgw-1\u0000"`), "gatewayId contains invalid characters."},
	{createJoin, badJoin(`"virtualGatewayId":"{tgw}"`), "The VirtualGateway {tgw} does not exist."},
	{createJoin, badJoin(`"virtualGatewayId":"vgw-1"`), "The VirtualGateway vgw-1 does not exist."},
	{createJoin, badJoin(`"gatewayId":"vgw-00000001","virtualGatewayId":"vgw-00000002"`), "gatewayId vgw-00000001 and virtualGatewayId vgw-00000002 must be the same."},
	{createJoin, badJoin(`"gatewayId":"{vgw}"`), "The VirtualGateway {vgw} is already associated with a Direct Connect gateway."},
	{createJoin, badJoin(`"gatewayId":"{tgw}"`), "Direct Connect Gateway {gw} is associated with a virtual private gateway: a transit gateway cannot be associated."},
	{createJoin, badJoin(`"gatewayId":"vgw-00000001","addAllowedPrefixesToDirectConnectGateway":[{}]`), "cidr is required."},
	{createJoin, badJoin(`"gatewayId":"vgw-00000001","addAllowedPrefixesToDirectConnectGateway":[{"cidr":"10.0.0.1/8"}]`), "CIDR 10.0.0.1/8 is not valid: it has host bits set."},
	{createJoin, badJoin(`"gatewayId":"vgw-00000001","addAllowedPrefixesToDirectConnectGateway":["10.0.0.0/8"]`), serialization + ": STRING_VALUE can not be converted to a Structure, at addAllowedPrefixesToDirectConnectGateway[0]"},

	{describeJoins, `{}`, "Specify at least one of associationId, associatedGatewayId, directConnectGatewayId and virtualGatewayId."},
	{describeJoins, `{"maxResults":5}`, "Specify at least one of associationId, associatedGatewayId, directConnectGatewayId and virtualGatewayId."},
	{describeJoins, `{"associationId":"x"}`, "associationId x has an invalid format."},
	{describeJoins, `{"directConnectGatewayId":"x"}`, "directConnectGatewayId x has an invalid format."},
	{describeJoins, `{"associatedGatewayId":"vgw-00000001","virtualGatewayId":"vgw-00000002"}`, "associatedGatewayId vgw-00000001 and virtualGatewayId vgw-00000002 must be the same."},
	{describeJoins, `{"associationId":"{assoc}","maxResults":-1}`, "maxResults -1 is not valid. It must be at least 1."},
	{describeJoins, `{"associationId":"{assoc}","nextToken":"eyJ2IjoxfQ=="}`, "nextToken is not valid."},

	{updateJoin, `{}`, "associationId is required."},
	{updateJoin, `{"associationId":"{gw}-"}`, "associationId {gw}- has an invalid format."},
	{updateJoin, `{"associationId":"{nobody}"}`, noAssociation},
	{updateJoin, `{"associationId":"{assoc}","addAllowedPrefixesToDirectConnectGateway":[{"cidr":"x"}]}`, "CIDR x is not valid."},
	{updateJoin, `{"associationId":"{assoc}","removeAllowedPrefixesToDirectConnectGateway":[{"cidr":"10.0.0.0/33"}]}`, "CIDR 10.0.0.0/33 is not valid."},
	{updateJoin, `{"associationId":"{assoc}","addAllowedPrefixesToDirectConnectGateway":[{"cidr":"2001:db8::/128"}]}`, "CIDR 2001:db8::/128 is not valid: IPv6 prefixes must be /64 or shorter."},
	{updateJoin, `{"associationId":"{assoc}","addAllowedPrefixesToDirectConnectGateway":{}}`, serialization + ": Start of structure or map found where not expected, at addAllowedPrefixesToDirectConnectGateway"},

	{removeJoin, `{}`, "Specify associationId, or both directConnectGatewayId and virtualGatewayId."},
	{removeJoin, `{"directConnectGatewayId":"{gw}"}`, "Specify associationId, or both directConnectGatewayId and virtualGatewayId."},
	{removeJoin, `{"virtualGatewayId":"{vgw}"}`, "Specify associationId, or both directConnectGatewayId and virtualGatewayId."},
	{removeJoin, `{"associationId":""}`, "associationId  has an invalid format."},
	{removeJoin, `{"associationId":"{nobody}"}`, noAssociation},
	{removeJoin, `{"directConnectGatewayId":"{leaving}","virtualGatewayId":"{vgw}"}`, "An association of Direct Connect Gateway {leaving} and {vgw} does not exist."},
	{removeJoin, `{"associationId":"{assoc}","directConnectGatewayId":"{leaving}"}`, "Direct Connect Gateway Association {assoc} does not exist."},

	{createProposal, `{}`, "directConnectGatewayId is required."},
	{createProposal, badProposal(`"directConnectGatewayOwnerAccount":null`), "directConnectGatewayOwnerAccount is required."},
	{createProposal, badProposal(`"gatewayId":null`), "gatewayId is required."},
	{createProposal, badProposal(`"gatewayId":"igw-12345678"`), "The VirtualGateway igw-12345678 does not exist."},
	{createProposal, badProposal(`"directConnectGatewayId":"{nobody}"`), noGateway},
	{createProposal, badProposal(`"directConnectGatewayId":"{leaving}"`), "Direct Connect Gateway {leaving} does not exist."},
	{createProposal, badProposal(`"directConnectGatewayOwnerAccount":"{bob}"`), "Direct Connect Gateway {gw} does not exist."},
	{createProposal, badProposal(`"addAllowedPrefixesToDirectConnectGateway":[{"cidr":"10.0.0.0/7"},{"cidr":"10.0.0.0/8"},{"cidr":null}]`), "cidr is required."},
	{createProposal, badProposal(`"removeAllowedPrefixesToDirectConnectGateway":[{"cidr":"10.0.0.0/4"}]`), "CIDR 10.0.0.0/4 is not valid: it has host bits set."},

	{describeProposals, `{"proposalId":"x"}`, "proposalId x has an invalid format."},
	{describeProposals, `{"directConnectGatewayId":"x"}`, "directConnectGatewayId x has an invalid format."},
	{describeProposals, `{"maxResults":0}`, "maxResults 0 is not valid. It must be at least 1."},
	{describeProposals, `{"nextToken":"x"}`, "nextToken is not valid."},

	{acceptProposal, `{}`, "directConnectGatewayId is required."},
	{acceptProposal, badAccept(`"proposalId":null`), "proposalId is required."},
	{acceptProposal, badAccept(`"associatedGatewayOwnerAccount":null`), "associatedGatewayOwnerAccount is required."},
	{acceptProposal, badAccept(`"associatedGatewayOwnerAccount":"{alice}"`), "Direct Connect Gateway Association Proposal {open} is not found."},
	{acceptProposal, badAccept(`"directConnectGatewayId":"{theirs}"`), "Direct Connect Gateway Association Proposal {open} is not found."},
	{acceptProposal, badAccept(`"proposalId":"{nobody}"`), noProposal},
	{acceptProposal, badAccept(`"proposalId":"{withdrawn}"`), "Direct Connect Gateway Association Proposal {withdrawn} is not found."},
	{acceptProposal, badAccept(`"proposalId":"{withdrawn}","associatedGatewayOwnerAccount":"{alice}"`), "Direct Connect Gateway Association Proposal {withdrawn} is not found."},
	{acceptProposal, badAccept(`"overrideAllowedPrefixesToDirectConnectGateway":[{"cidr":""}]`), "CIDR  is not valid."},

	{removeProposal, `{}`, "proposalId is required."},
	{removeProposal, `{"proposalId":"x"}`, "proposalId x has an invalid format."},
	{removeProposal, `{"proposalId":"{nobody}"}`, noProposal},
	{removeProposal, `{"proposalId":"{open}"}`, "Direct Connect Gateway Association Proposal {open} is not found."},
	{removeProposal, `{"proposalId":"{withdrawn}"}`, "Direct Connect Gateway Association Proposal {withdrawn} is not found."},

	{describeAttachments, `{}`, "Specify directConnectGatewayId or virtualInterfaceId."},
	{describeAttachments, `{"virtualInterfaceId":""}`, "Virtual Interface ID  has an invalid format."},
	{describeAttachments, `{"virtualInterfaceId":"{con}"}`, "Virtual Interface ID {con} has an invalid format."},
	{describeAttachments, `{"directConnectGatewayId":"{vgw}"}`, "directConnectGatewayId {vgw} has an invalid format."},
	{describeAttachments, `{"directConnectGatewayId":"{gw}","maxResults":0}`, "maxResults 0 is not valid. It must be at least 1."},
	{describeAttachments, `{"directConnectGatewayId":"{gw}","nextToken":"x"}`, "nextToken is not valid."},
}

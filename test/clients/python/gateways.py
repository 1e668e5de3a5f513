"""What walk.py calls of gateways and of resiliency groups: associations in one account and, by proposals, between two.

It is no test by itself.
"""

from desk import CUSTOMER, PARTNER, arn, body, check, equal, holds, only, tags, wait
from traffic import TGW, VGW, hub, port


def associated(dx, identifier, state="associated"):
    """Wait for an association's state and answer the association."""
    wait(dx, "DescribeDirectConnectGatewayAssociations", "directConnectGatewayAssociations[0].associationState", state,
        associationId=identifier)
    return only(body(dx.describe_direct_connect_gateway_associations(
        associationId=identifier))["directConnectGatewayAssociations"], identifier)


def prefixes(association):
    return sorted(p["cidr"] for p in association["allowedPrefixesToDirectConnectGateway"])


def cidrs(*texts):
    return [{"cidr": text} for text in texts]


def gateways(dx):
    gateway = hub(dx, "hub", 64700)
    renamed = body(dx.update_direct_connect_gateway(directConnectGatewayId=gateway, newDirectConnectGatewayName="core"))
    equal(renamed["directConnectGateway"]["directConnectGatewayName"], "core", "directConnectGatewayName")
    resource = arn("dx-gateway", gateway, region="")
    body(dx.tag_resource(resourceArn=resource, tags=tags(a="1")))
    equal(body(dx.describe_tags(resourceArns=[resource]))["resourceTags"], [{"resourceArn": resource, "tags": tags(a="1")}],
        "the gateway's tags")

    made = body(dx.create_direct_connect_gateway_association(directConnectGatewayId=gateway, gatewayId=TGW,
        addAllowedPrefixesToDirectConnectGateway=cidrs("10.1.0.0/16", "10.2.0.0/16")))["directConnectGatewayAssociation"]
    holds(made, {"associationState": "associating", "directConnectGatewayOwnerAccount": CUSTOMER}, "the association")
    identifier = made["associationId"]
    holds(associated(dx, identifier)["associatedGateway"], {"id": TGW, "type": "transitGateway", "ownerAccount": CUSTOMER},
        "the associated gateway")
    body(dx.update_direct_connect_gateway_association(associationId=identifier,
        addAllowedPrefixesToDirectConnectGateway=cidrs("2001:db8::/48"),
        removeAllowedPrefixesToDirectConnectGateway=cidrs("10.1.0.0/16")))
    equal(prefixes(associated(dx, identifier)), ["10.2.0.0/16", "2001:0db8:0000:0000:0000:0000:0000:0000/48"],
        "the allowed prefixes")
    gone = body(dx.delete_direct_connect_gateway_association(associationId=identifier))["directConnectGatewayAssociation"]
    equal(gone["associationState"], "disassociating", "associationState")
    wait(dx, "DescribeDirectConnectGatewayAssociations",
        "length(directConnectGatewayAssociations[?associationState!='disassociated'])", 0, associationId=identifier)
    body(dx.delete_direct_connect_gateway(directConnectGatewayId=gateway))
    wait(dx, "DescribeDirectConnectGateways", "length(directConnectGateways)", 0, directConnectGatewayId=gateway)
    check("virtualGateways" in body(dx.describe_virtual_gateways()), "DescribeVirtualGateways answers nothing")


def proposals(owner, other):
    """The other account proposes one of its gateways twice: one proposal is withdrawn, one accepted with fewer prefixes."""
    gateway = hub(owner, "shared")

    def propose(*texts):
        made = body(other.create_direct_connect_gateway_association_proposal(directConnectGatewayId=gateway,
            directConnectGatewayOwnerAccount=CUSTOMER, gatewayId=VGW, addAllowedPrefixesToDirectConnectGateway=cidrs(*texts)))
        made = made["directConnectGatewayAssociationProposal"]
        holds(made, {"proposalState": "requested", "directConnectGatewayId": gateway}, "the proposal")
        return made["proposalId"]

    first = propose("10.0.0.0/8")
    withdrawn = body(other.delete_direct_connect_gateway_association_proposal(proposalId=first))
    equal(withdrawn["directConnectGatewayAssociationProposal"]["proposalState"], "deleted", "proposalState")
    second = propose("10.0.0.0/8", "172.16.0.0/12")
    made = body(owner.accept_direct_connect_gateway_association_proposal(directConnectGatewayId=gateway, proposalId=second,
        associatedGatewayOwnerAccount=PARTNER, overrideAllowedPrefixesToDirectConnectGateway=cidrs("10.0.0.0/8")))
    identifier = made["directConnectGatewayAssociation"]["associationId"]
    equal(prefixes(associated(owner, identifier)), ["10.0.0.0/8"], "the allowed prefixes")
    seen = body(other.describe_direct_connect_gateway_association_proposals(proposalId=second))
    equal(only(seen["directConnectGatewayAssociationProposals"], second)["proposalState"], "accepted", "proposalState")


def groups(dx):
    """A resiliency group with a connection; asked twice with one token, it is one."""
    one = port(dx, "in the group")
    order = {"resiliencyGroupName": "site", "intendedResiliencyModel": "high-resiliency", "clientToken": "once",
        "tags": tags(of="group")}
    made = body(dx.create_resiliency_group(**order))["resiliencyGroup"]
    identifier = made["resiliencyGroupId"]
    equal(body(dx.create_resiliency_group(**order))["resiliencyGroup"]["resiliencyGroupId"], identifier,
        "the group of the same token")
    wait(dx, "GetResiliencyGroup", "resiliencyGroup.state", "available", resiliencyGroupId=identifier)
    shown = body(dx.get_resiliency_group(resiliencyGroupId=identifier))["resiliencyGroup"]
    holds(shown, {"resiliencyGroupArn": arn("dx-resiliency-group", identifier, region=""), "resiliencyGroupType": "Managed",
        "tags": tags(of="group"), "ownerAccount": CUSTOMER}, "the group")
    renamed = body(dx.update_resiliency_group(resiliencyGroupId=identifier, resiliencyGroupName="headquarters"))
    equal(renamed["resiliencyGroup"]["resiliencyGroupName"], "headquarters", "resiliencyGroupName")
    equal([g["resiliencyGroupName"] for g in body(dx.list_resiliency_groups())["items"]], ["headquarters"], "the groups")

    body(dx.associate_connections_to_resiliency_group(resiliencyGroupId=identifier, connectionIdentifiers=[one]))
    wait(dx, "ListResiliencyGroupAssociations", "items[0].state", "associated", resiliencyGroupId=identifier)
    member = only(body(dx.list_resiliency_group_associations(resiliencyGroupId=identifier))["items"], "members")
    equal(member["connectionArn"], arn("dxcon", one), "connectionArn")
    body(dx.disassociate_connections_from_resiliency_group(resiliencyGroupId=identifier, connectionIdentifiers=[one]))
    wait(dx, "ListResiliencyGroupAssociations", "length(items[?state!='disassociated'])", 0, resiliencyGroupId=identifier)
    body(dx.delete_resiliency_group(resiliencyGroupId=identifier))
    wait(dx, "GetResiliencyGroup", "resiliencyGroup.state", "deleted", resiliencyGroupId=identifier)

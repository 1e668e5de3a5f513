"""What refusals.py asks of the operations on virtual interfaces, gateways and resiliency groups: names of nothing, and what
what is there refuses.

It is no test by itself.
"""

from desk import CUSTOMER, PARTNER, body, equal, refused
from traffic import VGW, hub, port, turned

NONE, NOWHERE = "dxvif-ffffffff", "dxcon-ffffffff"
NO_GATEWAY, NO_GROUP = "00000000-0000-0000-0000-000000000000", "dxrg-00000000000000000"
NO_INTERFACE = f"Virtual Interface {NONE} does not exist."
NO_CONNECTION = f"Could not find Connection with ID {NOWHERE}"
GATEWAY = f"Direct Connect Gateway {NO_GATEWAY} does not exist."
ASSOCIATION = f"Direct Connect Gateway Association {NO_GATEWAY} does not exist."
PROPOSAL = f"Direct Connect Gateway Association Proposal {NO_GATEWAY} is not found."
GROUP = f"Resiliency Group {NO_GROUP} does not exist."
NEW = {"virtualInterfaceName": "no", "vlan": 1, "asn": 65000}
ADDRESSED = {**NEW, "amazonAddress": "203.0.113.1/30", "customerAddress": "203.0.113.2/30",
    "routeFilterPrefixes": [{"cidr": "198.51.100.0/24"}]}


def nothing(dx):
    on, to, of, group = {"connectionId": NOWHERE}, {"virtualInterfaceId": NONE}, {"directConnectGatewayId": NO_GATEWAY}, {
        "resiliencyGroupId": NO_GROUP}
    for call, text, parameters in (
        (dx.create_private_virtual_interface, NO_CONNECTION, {**on, "newPrivateVirtualInterface": {**NEW,
            "virtualGatewayId": VGW}}),
        (dx.create_public_virtual_interface, NO_CONNECTION, {**on, "newPublicVirtualInterface": ADDRESSED}),
        (dx.create_transit_virtual_interface, NO_CONNECTION, {**on, "newTransitVirtualInterface": {**NEW, **of}}),
        (dx.allocate_private_virtual_interface, NO_CONNECTION, {**on, "ownerAccount": PARTNER,
            "newPrivateVirtualInterfaceAllocation": NEW}),
        (dx.allocate_public_virtual_interface, NO_CONNECTION, {**on, "ownerAccount": PARTNER,
            "newPublicVirtualInterfaceAllocation": ADDRESSED}),
        (dx.allocate_transit_virtual_interface, NO_CONNECTION, {**on, "ownerAccount": PARTNER,
            "newTransitVirtualInterfaceAllocation": NEW}),
        (dx.confirm_private_virtual_interface, NO_INTERFACE, {**to, "virtualGatewayId": VGW}),
        (dx.confirm_public_virtual_interface, NO_INTERFACE, to),
        (dx.confirm_transit_virtual_interface, NO_INTERFACE, {**to, **of}),
        (dx.associate_virtual_interface, NO_INTERFACE, {**to, **on}),
        (dx.update_virtual_interface_attributes, NO_INTERFACE, {**to, "mtu": 1500}),
        (dx.delete_virtual_interface, NO_INTERFACE, to),
        (dx.describe_virtual_interfaces, "Virtual Interface ID x has an invalid format.", {"virtualInterfaceId": "x"}),
        (dx.create_bgp_peer, NO_INTERFACE, {**to, "newBGPPeer": {"asn": 65000, "addressFamily": "ipv6"}}),
        (dx.delete_bgp_peer, NO_INTERFACE, {**to, "bgpPeerId": "dxpeer-ffffffff"}),
        (dx.start_bgp_failover_test, NO_INTERFACE, to),
        (dx.stop_bgp_failover_test, NO_INTERFACE, to),
        (dx.list_virtual_interface_test_history, "Virtual Interface ID x has an invalid format.",
            {"virtualInterfaceId": "x"}),
        (dx.list_virtual_interface_routes, NO_INTERFACE, to),
        (dx.describe_router_configuration, NO_INTERFACE, to),

        (dx.create_direct_connect_gateway,
            "Amazon ASN 7224 is not valid. Valid values are 64512 to 65534 and 4200000000 to 4294967294.",
            {"directConnectGatewayName": "no", "amazonSideAsn": 7224}),
        (dx.describe_direct_connect_gateways, "directConnectGatewayId x has an invalid format.",
            {"directConnectGatewayId": "x"}),
        (dx.update_direct_connect_gateway, GATEWAY, {**of, "newDirectConnectGatewayName": "no"}),
        (dx.delete_direct_connect_gateway, GATEWAY, of),
        (dx.create_direct_connect_gateway_association, GATEWAY, {**of, "gatewayId": VGW}),
        (dx.describe_direct_connect_gateway_associations, "associationId x has an invalid format.", {"associationId": "x"}),
        (dx.update_direct_connect_gateway_association, ASSOCIATION, {"associationId": NO_GATEWAY}),
        (dx.delete_direct_connect_gateway_association, ASSOCIATION, {"associationId": NO_GATEWAY}),
        (dx.create_direct_connect_gateway_association_proposal, GATEWAY, {**of, "gatewayId": VGW,
            "directConnectGatewayOwnerAccount": PARTNER}),
        (dx.describe_direct_connect_gateway_association_proposals, "proposalId x has an invalid format.",
            {"proposalId": "x"}),
        (dx.accept_direct_connect_gateway_association_proposal, PROPOSAL, {**of, "proposalId": NO_GATEWAY,
            "associatedGatewayOwnerAccount": PARTNER}),
        (dx.delete_direct_connect_gateway_association_proposal, PROPOSAL, {"proposalId": NO_GATEWAY}),
        (dx.describe_direct_connect_gateway_attachments, "Specify directConnectGatewayId or virtualInterfaceId.", {}),

        (dx.create_resiliency_group,
            "resiliencyGroupName a b is not valid. Valid characters are letters, digits, hyphens and underscores.",
            {"resiliencyGroupName": "a b", "intendedResiliencyModel": "high-resiliency"}),
        (dx.get_resiliency_group, GROUP, group),
        (dx.update_resiliency_group, GROUP, {**group, "resiliencyGroupName": "no"}),
        (dx.delete_resiliency_group, GROUP, group),
        (dx.list_resiliency_groups, "nextToken is not valid.", {"nextToken": "x"}),
        (dx.list_resiliency_group_associations, GROUP, group),
        (dx.associate_connections_to_resiliency_group, GROUP, {**group, "connectionIdentifiers": [NOWHERE]}),
        (dx.disassociate_connections_from_resiliency_group, GROUP, {**group, "connectionIdentifiers": [NOWHERE]}),
    ):
        refused(text, call, **parameters)


def states(dx, other):
    """What an interface that is there refuses; nothing of it changes."""
    parent, gateway = port(dx, "with an interface"), hub(dx, "in use")
    interface = body(dx.create_private_virtual_interface(connectionId=parent, newPrivateVirtualInterface={**NEW,
        "directConnectGatewayId": gateway}))
    identifier = interface["virtualInterfaceId"]
    before = turned(dx, identifier, "available")
    refused(f"VLAN 1 is already in use on {parent}", dx.create_transit_virtual_interface, connectionId=parent,
        newTransitVirtualInterface={**NEW, "directConnectGatewayId": hub(dx, "for transit")})
    refused("The last BGP Peer on a Virtual Interface cannot be deleted", dx.delete_bgp_peer,
        virtualInterfaceId=identifier, bgpPeerId=interface["bgpPeers"][0]["bgpPeerId"])
    refused("MTU 9000 is not valid for a private virtual interface.", dx.update_virtual_interface_attributes,
        virtualInterfaceId=identifier, mtu=9000)
    refused(f"No failover test is in progress on Virtual Interface {identifier}.", dx.stop_bgp_failover_test,
        virtualInterfaceId=identifier)
    refused("Router type Router is not valid.", dx.describe_router_configuration, virtualInterfaceId=identifier,
        routerTypeIdentifier="Router")
    refused(f"Direct Connect Gateway {gateway} has attached virtual interfaces or gateway associations.",
        dx.delete_direct_connect_gateway, directConnectGatewayId=gateway)
    refused("Cannot allocate VirtualInterface for the connection owner.", dx.allocate_private_virtual_interface,
        connectionId=parent, ownerAccount=CUSTOMER, newPrivateVirtualInterfaceAllocation={**NEW, "vlan": 2})
    for call in (other.delete_virtual_interface, other.start_bgp_failover_test, other.list_virtual_interface_routes):
        refused(f"Virtual Interface {identifier} does not exist.", call, virtualInterfaceId=identifier)
    equal(body(other.describe_virtual_interfaces(virtualInterfaceId=identifier))["virtualInterfaces"], [],
        "what another account sees of the interface")
    equal(turned(dx, identifier, "available"), before, "the interface after refusals")

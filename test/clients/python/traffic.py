"""What walk.py calls of traffic: virtual interfaces of each kind, their BGP peers, routes, failover tests and routers'
configurations; allocated to another account, too.

It is no test by itself.
"""

from datetime import datetime

from desk import CUSTOMER, LOCATION, body, check, equal, holds, lacks, only, tags, until, wait

VGW, TGW = "vgw-0123456789abcdef0", "tgw-0123456789abcdef0"


def port(dx, name):
    identifier = body(dx.create_connection(location=LOCATION, bandwidth="10Gbps", connectionName=name))["connectionId"]
    until(dx, identifier, "available")
    return identifier


def hub(dx, name, asn=64512):
    """A Direct Connect gateway that is there to be used."""
    made = body(dx.create_direct_connect_gateway(directConnectGatewayName=name, amazonSideAsn=asn))["directConnectGateway"]
    holds(made, {"directConnectGatewayName": name, "amazonSideAsn": asn}, "the gateway")
    wait(dx, "DescribeDirectConnectGateways", "directConnectGateways[0].directConnectGatewayState", "available",
        directConnectGatewayId=made["directConnectGatewayId"])
    return made["directConnectGatewayId"]


def turned(dx, identifier, state):
    """Wait for an interface's state and answer the interface."""
    wait(dx, "DescribeVirtualInterfaces", "virtualInterfaces[0].virtualInterfaceState", state,
        virtualInterfaceId=identifier)
    return only(body(dx.describe_virtual_interfaces(virtualInterfaceId=identifier))["virtualInterfaces"], identifier)


def ended(dx, identifier):
    check(body(dx.delete_virtual_interface(virtualInterfaceId=identifier))["virtualInterfaceState"] in ("deleting",
        "deleted"), "a deleted interface stays")
    turned(dx, identifier, "deleted")


def interfaces(dx):
    """One of each kind on a port of one's own; the private one lives its whole life."""
    first, second, gateway = port(dx, "first"), port(dx, "second"), hub(dx, "of the transit interface", 64600)
    made = body(dx.create_private_virtual_interface(connectionId=first, newPrivateVirtualInterface={
        "virtualInterfaceName": "private", "vlan": 101, "asn": 65000, "mtu": 9001, "virtualGatewayId": VGW,
        "rateLimit": "1Gbps", "prefixPoolAllocatedCountIpv4": 50, "tags": tags(of="traffic")}))
    identifier = made["virtualInterfaceId"]
    holds(made, {"ownerAccount": CUSTOMER, "connectionId": first, "virtualInterfaceType": "private", "vlan": 101,
        "mtu": 9001, "virtualGatewayId": VGW, "directConnectGatewayId": "", "routeFilterPrefixes": [], "rateLimit": "1Gbps",
        "prefixPoolAllocatedCountIpv4": 50, "prefixPoolAllocatedCountIpv6": 100, "tags": tags(of="traffic"),
        "siteLinkEnabled": False}, "the private interface")
    only(turned(dx, identifier, "available")["bgpPeers"], "peers")
    public = body(dx.create_public_virtual_interface(connectionId=first, newPublicVirtualInterface={
        "virtualInterfaceName": "public", "vlan": 102, "asn": 65000, "asnLong": 4200000001, "amazonAddress": "203.0.113.1/30",
        "customerAddress": "203.0.113.2/30", "routeFilterPrefixes": [{"cidr": "198.51.100.0/24"}]}))
    holds(public, {"amazonSideAsn": 7224, "asn": 0, "asnLong": 4200000001, "virtualInterfaceType": "public",
        "routeFilterPrefixes": [{"cidr": "198.51.100.0/24"}]}, "the public interface")
    transit = body(dx.create_transit_virtual_interface(connectionId=first, newTransitVirtualInterface={
        "virtualInterfaceName": "transit", "vlan": 103, "asn": 65000, "directConnectGatewayId": gateway,
        "enableSiteLink": True}))["virtualInterface"]
    holds(transit, {"amazonSideAsn": 64600, "directConnectGatewayId": gateway, "siteLinkEnabled": True},
        "the transit interface")
    for i in (public, transit):
        turned(dx, i["virtualInterfaceId"], "available")
    equal([i["virtualInterfaceName"] for i in body(dx.describe_virtual_interfaces(connectionId=first))["virtualInterfaces"]],
        ["private", "public", "transit"], "the interfaces of the connection")
    changed = body(dx.update_virtual_interface_attributes(virtualInterfaceId=identifier, mtu=1500, rateLimit="500Mbps",
        virtualInterfaceName="renamed"))
    holds(changed, {"mtu": 1500, "rateLimit": "500Mbps", "virtualInterfaceName": "renamed"}, "the changed interface")
    peers(dx, identifier)
    routes(dx, identifier)
    tests(dx, identifier)
    configuration(dx, identifier)
    moved = body(dx.associate_virtual_interface(virtualInterfaceId=identifier, connectionId=second))
    equal(moved["connectionId"], second, "where the interface has moved")
    turned(dx, identifier, "available")
    for i in (identifier, public["virtualInterfaceId"], transit["virtualInterfaceId"]):
        ended(dx, i)
    for i in (first, second):
        body(dx.delete_connection(connectionId=i))


def peers(dx, identifier):
    """A second session, of the other family, comes up and goes; its addresses are assigned."""
    both = body(dx.create_bgp_peer(virtualInterfaceId=identifier, newBGPPeer={"asn": 65000, "addressFamily": "ipv6",
        "authKey": "a-key-of-ours"}))["virtualInterface"]["bgpPeers"]
    six, = (peer for peer in both if peer["addressFamily"] == "ipv6")
    check(six["amazonAddress"].endswith("/125"), f"the assigned IPv6 address is {six['amazonAddress']}")
    holds(six, {"asn": 65000, "authKey": "a-key-of-ours"}, "the second peer")
    up = "length(virtualInterfaces[0].bgpPeers[?bgpStatus=='up'])"
    wait(dx, "DescribeVirtualInterfaces", up, 2, virtualInterfaceId=identifier)
    body(dx.delete_bgp_peer(virtualInterfaceId=identifier, bgpPeerId=six["bgpPeerId"]))
    wait(dx, "DescribeVirtualInterfaces", up, 1, virtualInterfaceId=identifier)
    turned(dx, identifier, "available")


def routes(dx, identifier):
    wait(dx, "ListVirtualInterfaceRoutes", "sort(routes[].routeDirection) | join(' ', @)", "accepted advertised",
        virtualInterfaceId=identifier)
    answer = body(dx.list_virtual_interface_routes(virtualInterfaceId=identifier, filters={"routeDirection": "accepted",
        "addressFamily": "ipv4", "asPath": [65000]}))
    route = only(answer["routes"], "accepted routes")
    holds(route, {"routeDirection": "accepted", "addressFamily": "ipv4", "asPath": [{"path": [65000], "pathType": "seq"}]},
        "the route")
    check(isinstance(route["routeInstalledAt"], datetime), f"routeInstalledAt is {route['routeInstalledAt']!r}")


def tests(dx, identifier):
    started = body(dx.start_bgp_failover_test(virtualInterfaceId=identifier, testDurationInMinutes=5))["virtualInterfaceTest"]
    holds(started, {"status": "IN_PROGRESS", "testDurationInMinutes": 5, "virtualInterfaceId": identifier}, "the test")
    lacks(started, ["endTime"], "the test that goes on")
    turned(dx, identifier, "testing")
    stopped = body(dx.stop_bgp_failover_test(virtualInterfaceId=identifier))["virtualInterfaceTest"]
    holds(stopped, {"testId": started["testId"], "status": "CANCELLED"}, "the stopped test")
    found = body(dx.list_virtual_interface_test_history(virtualInterfaceId=identifier, status="CANCELLED"))
    equal(only(found["virtualInterfaceTestHistory"], "tests"), stopped, "the test in the history")
    turned(dx, identifier, "available")


def configuration(dx, identifier):
    answer = body(dx.describe_router_configuration(virtualInterfaceId=identifier,
        routerTypeIdentifier="JuniperNetworksInc-MMXSeriesRouters-JunOS95"))
    holds(answer["router"], {"vendor": "Juniper Networks, Inc.", "platform": "M/MX Series Routers"}, "the router")
    check("101" in answer["customerRouterConfig"], "the configuration does not name the VLAN")


def allocated(seller, buyer):
    """One of each kind, ordered by the owner of the port and confirmed by the owner of the interface."""
    parent, private, transit = port(seller, "shared"), hub(buyer, "private"), hub(buyer, "transit")
    common = {"connectionId": parent, "ownerAccount": CUSTOMER}
    new = lambda vlan, **more: {"virtualInterfaceName": f"allocated {vlan}", "vlan": vlan, "asn": 65000, **more}
    made = [
        body(seller.allocate_private_virtual_interface(newPrivateVirtualInterfaceAllocation=new(1), **common)),
        body(seller.allocate_public_virtual_interface(newPublicVirtualInterfaceAllocation=new(2,
            amazonAddress="203.0.113.5/30", customerAddress="203.0.113.6/30",
            routeFilterPrefixes=[{"cidr": "198.51.100.0/24"}]), **common)),
        body(seller.allocate_transit_virtual_interface(newTransitVirtualInterfaceAllocation=new(3),
            **common))["virtualInterface"]]
    for interface in made:
        holds(interface, {"ownerAccount": CUSTOMER, "virtualInterfaceState": "confirming"}, "the allocated interface")
    one, two, three = (interface["virtualInterfaceId"] for interface in made)
    for answer in (
        body(buyer.confirm_private_virtual_interface(virtualInterfaceId=one, directConnectGatewayId=private)),
        body(buyer.confirm_public_virtual_interface(virtualInterfaceId=two)),
        body(buyer.confirm_transit_virtual_interface(virtualInterfaceId=three, directConnectGatewayId=transit)),
    ):
        check(answer["virtualInterfaceState"] in ("pending", "verifying"), f"a confirmation answers {answer!r}")
    for i in (one, two, three):
        turned(buyer, i, "available")
    attached = only(body(buyer.describe_direct_connect_gateway_attachments(
        directConnectGatewayId=private))["directConnectGatewayAttachments"], "attachments")
    holds(attached, {"virtualInterfaceId": one, "virtualInterfaceOwnerAccount": CUSTOMER, "attachmentState": "attached",
        "attachmentType": "PrivateVirtualInterface"}, "the attachment")
    for i in (one, two, three):
        ended(buyer, i)

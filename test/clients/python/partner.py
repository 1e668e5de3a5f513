"""A hosted connection between two accounts: what each of them sees of it, from the allocation to the end."""

import desk
from desk import CUSTOMER, LOCATION, PARTNER, arn, body, check, equal, holds, lacks, only, refused, tags, until, wait


def interconnect(seller):
    """An interconnect with every parameter but lagId, available."""
    given = {"interconnectName": "exchange", "bandwidth": "10Gbps", "location": LOCATION, "tags": tags(of="port"),
        "providerName": "Zayo Group", "requestMACSec": True}
    equal(sorted([*given, "lagId"]), sorted(desk.members(seller, "CreateInterconnect")),
        "what was given of all parameters that boto3 knows")
    created = body(seller.create_interconnect(**given))
    holds(created, {"encryptionMode": "should_encrypt", "interconnectName": "exchange", "interconnectState": "requested",
        "tags": tags(of="port"), "macSecCapable": True, "providerName": "Zayo Group"}, "the interconnect")
    lacks(created, ["ownerAccount", "awsDevice"], "the interconnect")
    wait(seller, "DescribeInterconnects", "interconnects[0].interconnectState", "available",
        interconnectId=created["interconnectId"])
    equal(body(seller.describe_connections())["connections"], [], "what DescribeConnections answers of interconnects")
    return created["interconnectId"]


def allocate(seller, parent, name, vlan, bandwidth="500Mbps"):
    given = {"connectionId": parent, "ownerAccount": CUSTOMER, "bandwidth": bandwidth, "connectionName": name, "vlan": vlan,
        "tags": tags(of="customer")}
    equal(sorted(given), sorted(desk.members(seller, "AllocateHostedConnection")),
        "what was given of all parameters that boto3 knows")
    created = body(seller.allocate_hosted_connection(**given))
    holds(created, {
        "ownerAccount": CUSTOMER, "connectionName": name, "connectionState": "ordering", "bandwidth": bandwidth,
            "vlan": vlan,
        "location": LOCATION, "tags": [], "macSecCapable": False,
    }, "the allocated connection")
    check(created["partnerName"], "a hosted connection has no partnerName")
    return created["connectionId"]


def accepted(seller, buyer, parent):
    """Confirmed by its owner and by nobody else, seen by both, deleted."""
    identifier = allocate(seller, parent, "ours", 101)
    refused(f"Could not find Connection with ID {identifier}", seller.confirm_connection, connectionId=identifier)
    holds(until(buyer, identifier, "ordering"), {"tags": tags(of="customer")}, "the connection as its owner sees it")
    equal(body(buyer.confirm_connection(connectionId=identifier)), {"connectionState": "pending"},
        "ConfirmConnection's answer")
    available = until(buyer, identifier, "available")
    lacks(available, ["macSecKeys", "encryptionMode", "portEncryptionStatus", "prefixPoolSizeIpv4", "loaIssueTime"],
        "a hosted connection")
    equal(available["partnerInterconnectMacSecCapable"], True, "partnerInterconnectMacSecCapable")
    check(available["awsDevice"].startswith(LOCATION + "-"), "a hosted connection has no awsDevice")
    refused(f"Connection {identifier} is in state available: Confirm is not possible.", buyer.confirm_connection,
        connectionId=identifier)
    refused(f"Connection {identifier} is a hosted connection: its partner holds the LOA-CFA.", buyer.describe_loa,
        connectionId=identifier)

    seen = only(body(seller.describe_hosted_connections(connectionId=parent))["connections"], "the partner's list")
    holds(seen, {"connectionId": identifier, "connectionState": "available", "tags": []},
        "the connection as its partner sees it")
    equal(only(body(seller.describe_hosted_connections(connectionId=identifier))["connections"],
        "its own ID")["connectionId"], identifier, "connectionId")
    refused(f"{CUSTOMER} DescribeHostedConnections failed for connection {parent} doesn't exist.",
        buyer.describe_hosted_connections, connectionId=parent)
    refused(f"Resource {arn('dxcon', identifier)} does not exist.", seller.describe_tags,
        resourceArns=[arn("dxcon", identifier)])
    body(seller.delete_connection(connectionId=identifier))
    until(buyer, identifier, "deleted")


def rejected(seller, buyer, parent):
    identifier = allocate(seller, parent, "not ours", 102)
    refused(f"VLAN 102 is already in use on {parent}", seller.allocate_hosted_connection,
            connectionId=parent, ownerAccount=CUSTOMER, bandwidth="50Mbps", connectionName="same VLAN", vlan=102)
    equal(body(buyer.delete_connection(connectionId=identifier))["connectionState"], "rejected",
        "the state of a refused connection")
    # what was rejected no longer holds its VLAN
    again = allocate(seller, parent, "once more", 102, "10Gbps")
    refused(f"{parent} has 0 Mbps of 10000 Mbps left: 50Mbps does not fit.", seller.allocate_hosted_connection,
            connectionId=parent, ownerAccount=CUSTOMER, bandwidth="50Mbps", connectionName="too much", vlan=103)
    refused(f"Interconnect {parent} cannot be deleted until its hosted connections are deleted.",
        seller.delete_interconnect, interconnectId=parent)
    return again


def moved(seller, buyer, identifier):
    """To a LAG of the partner's, which the customer then sees as the parent."""
    lag = body(seller.create_lag(numberOfConnections=1, location=LOCATION, connectionsBandwidth="10Gbps",
        lagName="exchange"))
    equal(lag["allowsHostedConnections"], True, "allowsHostedConnections")
    equal(body(seller.associate_hosted_connection(connectionId=identifier, parentConnectionId=lag["lagId"]))["lagId"],
        lag["lagId"], "lagId")
    holds(until(buyer, identifier, "ordering"), {"lagId": lag["lagId"], "vlan": 102}, "the moved connection")
    refused(f"Lag {lag['lagId']} cannot be deleted until its Virtual Interfaces are deleted: hosted connections run over it.", seller.delete_lag,
        lagId=lag["lagId"])
    body(buyer.delete_connection(connectionId=identifier))
    equal(body(seller.delete_lag(lagId=lag["lagId"]))["lagState"], "deleted", "lagState")


def main():
    seller, buyer = desk.client(PARTNER), desk.client(CUSTOMER)
    parent = interconnect(seller)
    accepted(seller, buyer, parent)
    moved(seller, buyer, rejected(seller, buyer, parent))
    body(seller.delete_interconnect(interconnectId=parent))
    wait(seller, "DescribeInterconnects", "interconnects[0].interconnectState", "deleted", interconnectId=parent)


main()

"""A walk over all operations that are built, each answering at least once; and over those that are not, each saying so."""

import os

import desk
import gateways
import traffic
from desk import LOCATION, PARTNER, REGION, SERVER_EXCEPTION, arn, body, check, equal, holds, only, refused, tags, until, wait

from botocore import xform_name


def customers(dx):
    metadata = body(dx.describe_customer_metadata())
    check(metadata["nniPartnerType"] in ("v1", "v2", "nonPartner"), f"nniPartnerType is {metadata['nniPartnerType']}")
    agreement = only(metadata["agreements"], "agreements")
    equal(agreement["status"], "unsigned", "the agreement's status")
    equal(body(dx.confirm_customer_agreement(agreementName=agreement["agreementName"])), {"status": "signed"},
        "ConfirmCustomerAgreement's answer")
    equal(body(dx.describe_customer_metadata())["agreements"][0]["status"], "signed", "the agreement's status")


def locations(dx):
    here = body(dx.describe_locations())["locations"]
    equal({location["region"] for location in here}, {REGION}, "the Regions of the locations")
    west = body(desk.client(region="us-west-2").describe_locations())["locations"]
    equal([location["locationCode"] for location in west], ["EqSe2"], "the locations of us-west-2")
    for location in here:
        modes = [mode["billingMode"] for mode in location["availableBillingModes"]]
        equal(modes, ["PayAsYouGo", "FlatRateTier1"] if location["locationCode"] == LOCATION else ["PayAsYouGo"],
            "billing modes of " + location["locationCode"])


def connections(dx):
    identifier = body(dx.create_connection(location=LOCATION, bandwidth="10Gbps", connectionName="one",
        requestMACSec=True))["connectionId"]
    second = body(dx.create_connection(location=LOCATION, bandwidth="10Gbps", connectionName="two"))["connectionId"]
    devices = [until(dx, i, "available")["awsDevice"] for i in (identifier, second)]
    check(devices[0] != devices[1], f"both connections are on {devices[0]}")
    equal([c["connectionName"] for c in body(dx.describe_connections())["connections"]], ["one", "two"], "the connections")
    equal(body(dx.update_connection(connectionId=identifier, connectionName="uno"))["connectionName"], "uno",
        "connectionName")
    paid = body(dx.update_connections_billing_mode(connectionIds=[identifier, second], billingMode="FlatRateTier1"))
    equal([c["billingMode"] for c in paid["connections"]], ["FlatRateTier1"] * 2, "the billing modes")

    check(identifier in desk.read(body(dx.describe_loa(connectionId=identifier))["loaContent"]),
        "the letter does not name the connection")
    twin = body(dx.describe_connection_loa(connectionId=second))["loa"]
    check(second in desk.read(twin["loaContent"]), "the twin's letter does not name the connection")

    pair = desk.key_pair()
    key = only(body(dx.associate_mac_sec_key(connectionId=identifier, **pair))["macSecKeys"], "keys")
    equal(key["ckn"], pair["ckn"], "ckn")
    equal(body(dx.disassociate_mac_sec_key(connectionId=identifier, secretARN=key["secretARN"]))["macSecKeys"][0]["state"],
        "disassociating", "the key's state")

    resource = arn("dxcon", identifier)
    body(dx.tag_resource(resourceArn=resource, tags=tags(a="1", b="2")))
    body(dx.untag_resource(resourceArn=resource, tagKeys=["a"]))
    equal(body(dx.describe_tags(resourceArns=[resource]))["resourceTags"], [{"resourceArn": resource, "tags": tags(b="2")}],
        "resourceTags")
    for i in (identifier, second):
        body(dx.delete_connection(connectionId=i))
        until(dx, i, "deleted")


def lags(dx):
    existing = body(dx.create_connection(location=LOCATION, bandwidth="1Gbps", connectionName="existing"))["connectionId"]
    lag = body(dx.create_lag(
        numberOfConnections=3, location=LOCATION, connectionsBandwidth="1Gbps", lagName="bundle", connectionId=existing,
        tags=tags(of="lag"), childConnectionTags=tags(of="member")))
    identifier = lag["lagId"]
    holds(lag, {"lagName": "bundle", "minimumLinks": 0, "numberOfConnections": 3, "tags": tags(of="lag")}, "the LAG")
    names = sorted(c["connectionName"] for c in lag["connections"])
    equal(names, [f"Requested Connection {n} for Lag {identifier}" for n in (1, 2)] + ["existing"], "the members")
    equal([c["tags"] for c in lag["connections"] if c["connectionName"] != "existing"], [tags(of="member")] * 2,
        "the members' tags")
    wait(dx, "DescribeLags", "lags[0].lagState", "available", lagId=identifier)

    equal(body(dx.update_lag(lagId=identifier, lagName="renamed", minimumLinks=2))["minimumLinks"], 2, "minimumLinks")
    left = body(dx.disassociate_connection_from_lag(connectionId=existing, lagId=identifier))
    check("lagId" not in left, "a former member has a lagId")
    joined = body(dx.associate_connection_with_lag(connectionId=existing, lagId=identifier))
    equal(joined["lagId"], identifier, "lagId")
    letter = desk.read(body(dx.describe_loa(connectionId=identifier))["loaContent"])
    for member in lag["connections"]:
        check(member["connectionId"] in letter, f"the LAG's letter does not name {member['connectionId']}")

    key = only(body(dx.associate_mac_sec_key(connectionId=secure_lag(dx), **desk.key_pair()))["macSecKeys"], "keys")
    equal(key["state"], "associating", "the key's state")
    holds(body(dx.delete_lag(lagId=identifier)), {"lagState": "deleted", "numberOfConnections": 0, "connections": []},
        "the deleted LAG")
    equal({l["lagId"]: l["lagState"] for l in body(dx.describe_lags())["lags"]}[identifier], "deleted", "lagState")


def secure_lag(dx):
    lag = body(dx.create_lag(numberOfConnections=2, location=LOCATION, connectionsBandwidth="100Gbps", lagName="secure",
        requestMACSec=True))
    holds(lag, {"lagState": "pending", "macSecCapable": True, "encryptionMode": "should_encrypt", "macSecKeys": []},
        "the MACsec LAG")
    equal(body(dx.update_lag(lagId=lag["lagId"], encryptionMode="no_encrypt"))["encryptionMode"], "no_encrypt",
        "encryptionMode")
    return lag["lagId"]


def partners(seller, buyer):
    port = body(seller.create_interconnect(interconnectName="nni", bandwidth="10Gbps", location=LOCATION,
        tags=tags(of="port")))["interconnectId"]
    other = body(seller.create_interconnect(interconnectName="nni 2", bandwidth="10Gbps",
        location=LOCATION))["interconnectId"]
    for i in (port, other):
        wait(seller, "DescribeInterconnects", "interconnects[0].interconnectState", "available", interconnectId=i)
    equal([i["interconnectName"] for i in body(seller.describe_interconnects())["interconnects"]], ["nni", "nni 2"],
        "the interconnects")
    check(port in desk.read(body(seller.describe_interconnect_loa(interconnectId=port))["loa"]["loaContent"]),
        "the letter does not name the interconnect")

    hosted = body(seller.allocate_hosted_connection(connectionId=port, ownerAccount=desk.CUSTOMER, bandwidth="500Mbps",
        connectionName="hosted", vlan=101))["connectionId"]
    old = body(seller.allocate_connection_on_interconnect(interconnectId=port, ownerAccount=desk.CUSTOMER,
        bandwidth="200Mbps", connectionName="old", vlan=102))["connectionId"]
    equal([c["connectionId"] for c in body(seller.describe_hosted_connections(connectionId=port))["connections"]],
        [hosted, old], "the hosted connections")
    on = body(seller.describe_connections_on_interconnect(interconnectId=port))["connections"]
    equal([c["connectionId"] for c in on], [hosted, old], "the connections on the interconnect")
    equal(body(buyer.confirm_connection(connectionId=hosted)), {"connectionState": "pending"}, "ConfirmConnection's answer")
    until(buyer, hosted, "available")
    body(seller.associate_hosted_connection(connectionId=hosted, parentConnectionId=other))
    equal([c["connectionId"] for c in body(seller.describe_hosted_connections(connectionId=other))["connections"]],
        [hosted], "what the other interconnect carries")
    equal(body(buyer.delete_connection(connectionId=old))["connectionState"], "rejected",
        "the state of what was not confirmed")
    equal(body(seller.delete_interconnect(interconnectId=port))["interconnectState"] in ("deleting", "deleted"), True,
        "that the interconnect is being deleted")


def not_built(dx, names):
    """Every operation that boto3 knows and the server does not: asked with the least that boto3 lets out."""
    asked = 0
    for name in names:
        if name in dx.meta.service_model.operation_names:
            shape = dx.meta.service_model.operation_model(name).input_shape
            refused(name + " is not built in this version of Onramp.", getattr(dx, xform_name(name)), SERVER_EXCEPTION,
                **(least(shape) if shape else {}))
            asked += 1
    return asked


def least(shape):
    """The smallest value that the model allows: of a structure, its required members."""
    if shape.type_name == "structure":
        return {name: least(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [least(shape.member)]
    return {"string": "x", "integer": 1, "long": 1, "boolean": False}[shape.type_name]


def main():
    dx = desk.client()
    customers(dx)
    locations(dx)
    connections(dx)
    lags(dx)
    other = desk.client(PARTNER)
    partners(other, dx)
    traffic.interfaces(dx)
    traffic.allocated(other, dx)
    gateways.gateways(dx)
    gateways.proposals(dx, other)
    gateways.groups(dx)
    built = set(os.environ["ONRAMP_BUILT"].split(","))
    equal(sorted(desk.answered), sorted(built), "the operations that answered")
    missing = [name for name in os.environ["ONRAMP_NOT_BUILT"].split(",") if name]
    print(f"{len(desk.answered)} operations answered, {not_built(dx, missing)} said that they are not built")


main()

"""The seed call: create_connection with every parameter that boto3 knows, and the whole life of what it ordered.

Two runs give every parameter: one that orders a port by itself, and one that orders it into a LAG.
"""

from datetime import datetime

import desk
from desk import CUSTOMER, LOCATION, REGION, arn, body, check, equal, holds, lacks, only, refused, tags, until, wait

POOL = {"prefixPoolSizeIpv4": 5000, "prefixPoolSizeIpv6": 5000, "prefixPoolUnallocatedCountIpv4": 5000,
    "prefixPoolUnallocatedCountIpv6": 5000}
LIMITERS = {"rateLimiterStatus": {"maxAllowed": 10, "inUse": 0, "remaining": 10, "totalBandwidth": "0Mbps"}}


def order(dx, **more):
    """The seed call. It answers the parameters given and the response."""
    location = only([l for l in body(dx.describe_locations())["locations"] if l["locationCode"] == LOCATION], LOCATION)
    check("10G" in location["availableMacSecPortSpeeds"], f"no MACsec at 10G in {location!r}")
    given = {
        "location": LOCATION, "bandwidth": "10Gbps", "connectionName": "seed",
            "providerName": location["availableProviders"][0],
        "requestMACSec": True, "tags": tags(team="network", empty=""), "billingMode": "FlatRateTier1", **more,
    }
    created = body(dx.create_connection(**given))
    identifier = created.pop("connectionId")
    equal(created, {
        "ownerAccount": CUSTOMER, "connectionName": "seed", "connectionState": "requested", "region": REGION,
            "location": LOCATION,
        "bandwidth": "10Gbps", "providerName": given["providerName"], "jumboFrameCapable": False,
            "hasLogicalRedundancy": "unknown",
        "tags": given["tags"], "macSecCapable": True, "portEncryptionStatus": "Encryption Down",
            "encryptionMode": "should_encrypt",
        "macSecKeys": [], "billingMode": "FlatRateTier1", **POOL, **LIMITERS, **more,
    }, "the created connection")
    return set(given), identifier


def live(dx, identifier):
    """What approval and light add to the connection; and its letter."""
    connection = until(dx, identifier, "available")
    holds(connection, {"jumboFrameCapable": True, "hasLogicalRedundancy": "yes", "tags": tags(team="network", empty="")},
        "the available connection")
    check(connection["awsDevice"].startswith(LOCATION + "-"), f"awsDevice is {connection['awsDevice']}")
    equal(connection["awsDeviceV2"], connection["awsDevice"], "awsDeviceV2")
    equal(connection["awsLogicalDeviceId"], connection["awsDevice"], "awsLogicalDeviceId")
    lacks(connection, ["loaIssueTime", "lagId", "vlan", "partnerName", "partnerInterconnectMacSecCapable"],
        "the available connection")

    letter = body(dx.describe_loa(connectionId=identifier, providerName="Fibre & Sons", loaContentType="application/pdf"))
    equal(letter["loaContentType"], "application/pdf", "loaContentType")
    text = desk.read(letter["loaContent"])
    for word in (identifier, CUSTOMER, "Fibre & Sons"):
        check(word in text, f"the letter does not say {word}:\n{text}")
    read = until(dx, identifier, "available")["loaIssueTime"]
    check(isinstance(read, datetime), f"loaIssueTime is {read!r}")


def tagged(dx, identifier):
    resource = arn("dxcon", identifier)
    equal(body(dx.tag_resource(resourceArn=resource, tags=tags(team="core", cost="a/b + c=d:e_f.g@h-i"))), {},
        "TagResource's answer")
    equal(body(dx.untag_resource(resourceArn=resource, tagKeys=["empty", "never there"])), {}, "UntagResource's answer")
    described = only(body(dx.describe_tags(resourceArns=[resource]))["resourceTags"], resource)
    equal(described["resourceArn"], resource, "resourceArn")
    equal(sorted(described["tags"], key=lambda tag: tag["key"]), tags(cost="a/b + c=d:e_f.g@h-i", team="core"), "the tags")


def encrypted(dx, identifier):
    """A key goes on, traffic is encrypted; a second one replaces it; the last one goes off."""
    first, second = desk.key_pair(), desk.key_pair()
    answer = body(dx.associate_mac_sec_key(connectionId=identifier, **first))
    equal(answer["connectionId"], identifier, "connectionId")
    key = only(answer["macSecKeys"], "the first key")
    holds(key, {"ckn": first["ckn"], "state": "associating"}, "the first key")
    secret = key["secretARN"]
    name = f"directconnect!prod/{REGION}/directconnect/{first['ckn']}-"
    check(secret.startswith(f"arn:aws:secretsmanager:{REGION}:{CUSTOMER}:secret:{name}"), "secretARN is " + secret)
    datetime.strptime(key["startOn"], "%Y-%m-%d %H:%M:%S.%f")
    wait(dx, "DescribeConnections", "connections[0].[portEncryptionStatus, macSecKeys[0].state] | join(', ', @)",
        "Encryption Up, associated", connectionId=identifier)
    equal(body(dx.update_connection(connectionId=identifier, encryptionMode="must_encrypt"))["encryptionMode"],
        "must_encrypt", "encryptionMode")

    answer = body(dx.associate_mac_sec_key(connectionId=identifier, **second))
    equal([k["ckn"] for k in answer["macSecKeys"]], [first["ckn"], second["ckn"]], "the keys")
    gone = only(body(dx.disassociate_mac_sec_key(connectionId=identifier, secretARN=secret))["macSecKeys"],
        "the key taken off")
    holds(gone, {"secretARN": secret, "ckn": first["ckn"], "state": "disassociating"}, "the key taken off")
    wait(dx, "DescribeConnections", "length(connections[0].macSecKeys)", 1, connectionId=identifier)
    last = only(until(dx, identifier, "available")["macSecKeys"], "the key left")
    equal(last["ckn"], second["ckn"], "the key left")

    body(dx.disassociate_mac_sec_key(connectionId=identifier, secretARN=last["secretARN"]))
    wait(dx, "DescribeConnections", "length(connections[0].macSecKeys)", 0, connectionId=identifier)
    holds(until(dx, identifier, "available"), {"encryptionMode": "should_encrypt",
        "portEncryptionStatus": "Encryption Down"}, "the connection without keys")
    again = only(body(dx.associate_mac_sec_key(connectionId=identifier, secretARN=secret))["macSecKeys"],
        "the key of the secret")
    holds(again, {"secretARN": secret, "ckn": first["ckn"]}, "the key of the secret")


def renamed(dx, identifier):
    body(dx.update_connection(connectionId=identifier, connectionName="seed, renamed", encryptionMode="no_encrypt"))
    holds(until(dx, identifier, "available"), {"connectionName": "seed, renamed", "encryptionMode": "no_encrypt"},
        "the updated connection")
    changed = body(dx.update_connections_billing_mode(connectionIds=[identifier], billingMode="PayAsYouGo"))
    equal((changed["billingMode"], changed["connections"][0]["billingMode"]), ("PayAsYouGo", "PayAsYouGo"),
        "the billing mode")


def deleted(dx, identifier):
    state = body(dx.delete_connection(connectionId=identifier))["connectionState"]
    check(state in ("deleting", "deleted"), "the deleted connection is " + state)
    equal(until(dx, identifier, "deleted")["connectionName"], "seed, renamed", "the name of the deleted connection")
    equal(body(dx.delete_connection(connectionId=identifier))["connectionState"], "deleted",
        "the state after a second delete")


def into_a_lag(dx):
    """The second run: the port lands on the LAG's router, or nothing is ordered."""
    lag = body(dx.create_lag(
        numberOfConnections=1, location=LOCATION, connectionsBandwidth="10Gbps", lagName="seed", requestMACSec=True,
        tags=tags(of="lag"), childConnectionTags=tags(of="member")))
    given, identifier = order(dx, lagId=lag["lagId"])
    connection = until(dx, identifier, "available")
    holds(connection, {"lagId": lag["lagId"], "awsDevice": lag["awsDevice"]}, "the member")
    equal(body(dx.describe_lags(lagId=lag["lagId"]))["lags"][0]["numberOfConnections"], 2, "numberOfConnections")

    before = [c["connectionId"] for c in body(dx.describe_connections())["connections"]]
    refused(f"The connection and Lag {lag['lagId']} do not have the same bandwidth.",
            dx.create_connection, location=LOCATION, bandwidth="1Gbps", connectionName="odd", lagId=lag["lagId"])
    equal([c["connectionId"] for c in body(dx.describe_connections())["connections"]], before,
        "the connections after a refused order")
    equal(body(dx.delete_lag(lagId=lag["lagId"]))["lagState"], "deleted", "lagState")
    lacks(until(dx, identifier, "available"), ["lagId"], "the former member")
    return given


def main():
    dx = desk.client()
    given, identifier = order(dx)
    live(dx, identifier)
    tagged(dx, identifier)
    encrypted(dx, identifier)
    renamed(dx, identifier)
    deleted(dx, identifier)
    given |= into_a_lag(dx)
    equal(sorted(given), sorted(desk.members(dx, "CreateConnection")), "what was given of all parameters that boto3 knows")


main()

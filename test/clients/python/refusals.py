"""What every operation that is built says when it has to refuse: the exception that boto3 raises, and its text.

And what a refusal leaves behind: nothing.
"""

import os

import desk
import refusals_traffic
from desk import LOCATION, PARTNER, arn, body, equal, refused, tags, until

NOBODY, NOWHERE = "dxcon-ffffffff", "dxlag-ffffffff"
NO_CONNECTION = f"Could not find Connection with ID {NOBODY}"
NO_INTERCONNECT = f"Could not find Interconnect with ID {NOBODY}"
NO_LAG = f"Could not find Lag with ID {NOWHERE}"


def orders(dx):
    port = {"location": LOCATION, "bandwidth": "10Gbps", "connectionName": "no"}
    for text, change in {
        "Location EqSe2 is not valid.": {"location": "EqSe2"},
        "Bandwidth 50Mbps is not valid. Valid values are 1Gbps, 10Gbps, 100Gbps and 400Gbps.": {"bandwidth": "50Mbps"},
        "MACsec is not supported on 1Gbps connections.": {"bandwidth": "1Gbps", "requestMACSec": True},
        f"Provider Nobody is not available at location {LOCATION}.": {"providerName": "Nobody"},
        "Billing mode Free is not valid.": {"billingMode": "Free"},
        f"Billing mode FlatRateTier5 is not available at location {LOCATION}.": {"billingMode": "FlatRateTier5"},
        "Lag ID dxlag-x has an invalid format.": {"lagId": "dxlag-x"},
        NO_LAG: {"lagId": NOWHERE},
        "Tag key aws:own is not valid: keys that begin with aws: are reserved.": {"tags": [{"key": "aws:own",
            "value": ""}]},
    }.items():
        refused(text, dx.create_connection, **{**port, **change})
    refused("A tag key was specified more than once: team", dx.create_connection, "DuplicateTagKeysException", **port,
        tags=tags(team="a") + tags(team="b"))
    too_many = "You have reached the limit on the number of tags that can be assigned. The limit is 50 tags for each resource."
    refused(too_many, dx.create_connection, "TooManyTagsException", **port,
        tags=[{"key": f"k{n}", "value": ""} for n in range(51)])

    lag = {"numberOfConnections": 1, "location": LOCATION, "connectionsBandwidth": "10Gbps", "lagName": "no"}
    refused("numberOfConnections must be at least 1.", dx.create_lag, **{**lag, "numberOfConnections": 0})
    refused("A Lag of 10Gbps connections can have at most 4 connections.", dx.create_lag,
        **{**lag, "numberOfConnections": 5})
    refused("A Lag of 100Gbps connections can have at most 2 connections.", dx.create_lag,
        **{**lag, "numberOfConnections": 3, "connectionsBandwidth": "100Gbps"})
    refused(NO_CONNECTION, dx.create_lag, **lag, connectionId=NOBODY)
    refused("Location Nowhere is not valid.", dx.create_interconnect, interconnectName="no", bandwidth="10Gbps",
        location="Nowhere")
    for call in (dx.describe_connections, dx.describe_lags, dx.describe_interconnects):
        left, = body(call()).values()
        equal(left, [], "what refused orders left to " + call.__name__)


def nobody(dx):
    """Names that are well formed and of nothing, and names that are not well formed."""
    for call, text, parameters in (
        (dx.describe_connections, NO_CONNECTION, {"connectionId": NOBODY}),
        (dx.update_connection, NO_CONNECTION, {"connectionId": NOBODY, "connectionName": "no"}),
        (dx.delete_connection, NO_CONNECTION, {"connectionId": NOBODY}),
        (dx.update_connections_billing_mode, NO_CONNECTION, {"connectionIds": [NOBODY], "billingMode": "PayAsYouGo"}),
        (dx.confirm_connection, NO_CONNECTION, {"connectionId": NOBODY}),
        (dx.describe_loa, NO_CONNECTION, {"connectionId": NOBODY}),
        (dx.describe_connection_loa, NO_CONNECTION, {"connectionId": NOBODY}),
        (dx.associate_mac_sec_key, NO_CONNECTION, {"connectionId": NOBODY, **desk.key_pair()}),
        (dx.disassociate_mac_sec_key, NO_CONNECTION,
            {"connectionId": NOBODY, "secretARN": "arn:aws:secretsmanager:us-east-1:111122223333:secret:none"}),
        (dx.associate_hosted_connection, NO_CONNECTION, {"connectionId": NOBODY, "parentConnectionId": NOBODY}),
        (dx.allocate_hosted_connection, NO_CONNECTION,
            {"connectionId": NOBODY, "ownerAccount": PARTNER, "bandwidth": "50Mbps", "connectionName": "no", "vlan": 1}),
        (dx.describe_hosted_connections,
            f"{desk.CUSTOMER} DescribeHostedConnections failed for connection {NOBODY} doesn't exist.",
            {"connectionId": NOBODY}),
        (dx.describe_interconnects, NO_INTERCONNECT, {"interconnectId": NOBODY}),
        (dx.describe_interconnect_loa, NO_INTERCONNECT, {"interconnectId": NOBODY}),
        (dx.delete_interconnect, NO_INTERCONNECT, {"interconnectId": NOBODY}),
        (dx.describe_connections_on_interconnect, NO_INTERCONNECT, {"interconnectId": NOBODY}),
        (dx.allocate_connection_on_interconnect,
            "Bandwidth 25Gbps is not valid for AllocateConnectionOnInterconnect. Use AllocateHostedConnection.",
         {"interconnectId": NOBODY, "ownerAccount": PARTNER, "bandwidth": "25Gbps", "connectionName": "no", "vlan": 1}),
        (dx.describe_lags, NO_LAG, {"lagId": NOWHERE}),
        (dx.update_lag, NO_LAG, {"lagId": NOWHERE, "lagName": "no"}),
        (dx.delete_lag, NO_LAG, {"lagId": NOWHERE}),
        (dx.associate_connection_with_lag, NO_CONNECTION, {"connectionId": NOBODY, "lagId": NOWHERE}),
        (dx.disassociate_connection_from_lag, f"Connection does not exist: {NOBODY}",
            {"connectionId": NOBODY, "lagId": NOWHERE}),
        (dx.confirm_customer_agreement, "Could not find agreement with name None", {"agreementName": "None"}),
        (dx.describe_tags, f"Resource {arn('dxcon', NOBODY)} does not exist.", {"resourceArns": [arn("dxcon", NOBODY)]}),
        (dx.tag_resource, f"Resource {arn('dxlag', NOWHERE)} does not exist.",
            {"resourceArn": arn("dxlag", NOWHERE), "tags": tags(a="b")}),
        (dx.untag_resource, f"Resource ARN {arn('dxcon', NOBODY, region='us-west-2')} is not in Region us-east-1.",
         {"resourceArn": arn("dxcon", NOBODY, region="us-west-2"), "tagKeys": ["a"]}),
    ):
        refused(text, call, **parameters)
    for identifier in ("dxcon-FFFFFFFF", "dxcon-fffffff", " dxcon-ffffffff", "dxvif-ffffffff",
        "'; drop table connection; --"):
        refused(f"Connection ID {identifier} has an invalid format.", dx.describe_connections, connectionId=identifier)
    refused("Lag ID  has an invalid format.", dx.describe_lags, lagId="")


def states(dx):
    """What a connection that is there refuses."""
    identifier = body(dx.create_connection(location=LOCATION, bandwidth="1Gbps", connectionName="plain"))["connectionId"]
    until(dx, identifier, "available")
    refused(f"Connection {identifier} does not support MACsec.", dx.update_connection, connectionId=identifier,
        encryptionMode="must_encrypt")
    refused("Encryption mode always is not valid. Valid values are no_encrypt, should_encrypt and must_encrypt.",
        dx.update_connection, connectionId=identifier, encryptionMode="always")
    refused(f"Connection {identifier} does not support MACsec.", dx.associate_mac_sec_key, connectionId=identifier,
        **desk.key_pair())
    refused("Specify either secretARN or both ckn and cak.", dx.associate_mac_sec_key, connectionId=identifier)
    refused("ckn and cak must be specified together.", dx.associate_mac_sec_key, connectionId=identifier, ckn="0" * 64)
    refused("cak is not valid: it must be 64 hexadecimal characters.", dx.associate_mac_sec_key, connectionId=identifier,
        ckn="0" * 64, cak="z" * 64)
    refused("LOA content type text/html is not valid. The only valid value is application/pdf.", dx.describe_loa,
        connectionId=identifier, loaContentType="text/html")
    refused(f"Connection {identifier} is not a hosted connection and needs no confirmation.", dx.confirm_connection,
        connectionId=identifier)
    refused(f"Connection {identifier} is not an interconnect.", dx.allocate_hosted_connection,
            connectionId=identifier, ownerAccount=PARTNER, bandwidth="50Mbps", connectionName="no", vlan=1)
    other = desk.client(PARTNER)
    for call in (other.describe_connections, other.delete_connection, other.describe_loa):
        refused(f"Could not find Connection with ID {identifier}", call, connectionId=identifier)
    equal(until(dx, identifier, "available")["connectionName"], "plain", "connectionName")


def strangers():
    """Who is not let in: whatever is asked."""
    wrong = desk.client(secret="not the secret")
    for call in (wrong.describe_locations, wrong.describe_customer_metadata, wrong.describe_virtual_gateways):
        try:
            call()
        except wrong.exceptions.ClientError as error:
            equal((error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]),
                ("InvalidSignatureException", 400), "the error of a wrong secret")
        else:
            raise SystemExit("FAIL: a wrong secret was let in")
    refused("The security token included in the request is invalid.",
        desk.client("AKIAIOSFODNN7EXAMPLE").describe_connections, "UnrecognizedClientException")


def main():
    dx = desk.client()
    orders(dx)
    nobody(dx)
    states(dx)
    refusals_traffic.nothing(dx)
    refusals_traffic.states(dx, desk.client(PARTNER))
    strangers()
    equal(sorted(desk.declined), sorted(os.environ["ONRAMP_BUILT"].split(",")), "the operations that declined")


main()

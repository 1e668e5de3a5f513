"""Lists in pages: a token leads on, the last page has none, and a token is of one list, one account and one Region."""

import desk
from desk import LOCATION, PARTNER, REGION, body, check, equal, lacks, refused

CALLS = (("describe_connections", "connections", "connectionId"), ("describe_lags", "lags", "lagId"),
    ("describe_interconnects", "interconnects", "interconnectId"))


def order(dx):
    for n in range(5):
        body(dx.create_connection(location=LOCATION, bandwidth="1Gbps", connectionName=f"c{n}"))
        body(dx.create_interconnect(location="CSVA1", bandwidth="10Gbps", interconnectName=f"i{n}"))
    for n in range(5):
        body(dx.create_lag(numberOfConnections=1, location="CSVA1" if n % 2 else "EqDC2", connectionsBandwidth="10Gbps",
            lagName=f"l{n}"))


def paged(call, member, identifier, **more):
    """All that the pages of two hold, in their order."""
    found, parameters = [], {}
    while True:
        page = body(call(maxResults=2, **parameters, **more))
        found += [item[identifier] for item in page[member]]
        if "nextToken" not in page:
            return found
        equal(len(page[member]), 2, "the length of a page that is not the last")
        parameters = {"nextToken": page["nextToken"]}


def main():
    dx = desk.client()
    order(dx)
    for name, member, identifier in CALLS:
        call = getattr(dx, name)
        whole = body(call())
        lacks(whole, ["nextToken"], "a list that fits")
        ids = [item[identifier] for item in whole[member]]
        check(len(ids) >= 5, f"{name} lists {len(ids)}")
        equal(paged(call, member, identifier), ids, name + " in pages")
        equal(len(body(call(maxResults=1000))[member]), len(ids), "the length of a page of 1000")

        token = body(call(maxResults=2))["nextToken"]
        strange = [desk.client(PARTNER), desk.client(region="us-west-2")]
        for foreign in [getattr(other, name) for other in strange] + [getattr(dx, other) for other, _,
            _ in CALLS if other != name]:
            refused("nextToken is not valid.", foreign, nextToken=token)
        refused("nextToken is not valid.", call, nextToken=token[:-2])
        refused("maxResults 0 is not valid. It must be at least 1.", call, maxResults=0)

    parent = body(dx.describe_interconnects())["interconnects"][0]["interconnectId"]
    hosted = [body(dx.allocate_hosted_connection(connectionId=parent, ownerAccount=PARTNER, bandwidth="50Mbps",
        connectionName="h", vlan=n))["connectionId"] for n in range(1, 6)]
    equal(paged(dx.describe_hosted_connections, "connections", "connectionId", connectionId=parent), hosted,
        "the hosted connections in pages")


main()

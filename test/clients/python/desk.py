"""What the scripts here share: boto3 clients as anybody makes them, and checks that stop a script with a line saying what
was wrong.

It is no test by itself. Nothing in here prints a request: a key (CAK) does not leave the process.
"""

import os
import re
import secrets
import subprocess

import boto3
from botocore.exceptions import ClientError
from botocore.waiter import WaiterModel, create_waiter_with_client

ENDPOINT = os.environ["ONRAMP_ENDPOINT"]
SECRET = os.environ["ONRAMP_SECRET"]
REGION = "us-east-1"
LOCATION = "EqDC2"
CUSTOMER = "111122223333"
PARTNER = "444455556666"

CLIENT_EXCEPTION = "DirectConnectClientException"
SERVER_EXCEPTION = "DirectConnectServerException"

answered = set()  # operations that answered at least once
declined = set()  # operations that answered with an error at least once


def client(account=CUSTOMER, region=REGION, secret=SECRET):
    """A client of an account; every call that it makes is noted in answered or declined."""
    session = boto3.session.Session(aws_access_key_id=account, aws_secret_access_key=secret, region_name=region)
    dx = session.client("directconnect", endpoint_url=ENDPOINT)
    dx.meta.events.register("after-call.directconnect", _note)
    return dx


def _note(http_response, model, **_):
    (answered if http_response.status_code == 200 else declined).add(model.name)


def members(dx, operation):
    """The parameters that the installed boto3 knows of an operation."""
    shape = dx.meta.service_model.operation_model(operation).input_shape
    return set(shape.members) if shape else set()


def check(true, what):
    if not true:
        raise SystemExit("FAIL: " + what)


def equal(got, want, what):
    check(got == want, f"{what} is\n  {got!r}\nwant\n  {want!r}")


def holds(got, want, what):
    """Every member of want is in got, with its value; more may be."""
    for member, value in want.items():
        check(member in got, f"{what} has no {member}: {got!r}")
        equal(got[member], value, f"{what}: {member}")


def lacks(got, absent, what):
    for member in absent:
        check(member not in got, f"{what} has a {member}: {got.get(member)!r}")


def body(response):
    """A response without what boto3 adds to it, after a look at that: status 200, and a UUID as request ID."""
    metadata = response.pop("ResponseMetadata")
    equal(metadata["HTTPStatusCode"], 200, "HTTP status")
    check(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", metadata["RequestId"]), "request ID is no UUID")
    equal(metadata["RetryAttempts"], 0, "number of retries")
    return response


def refused(text, call, code=CLIENT_EXCEPTION, **parameters):
    """The call fails with HTTP 400 and just this error."""
    try:
        call(**parameters)
    except ClientError as error:
        equal((error.response["Error"]["Code"], error.response["Error"].get("Message")), (code, text),
            call.__name__ + "'s error")
        equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 400, "HTTP status of " + code)
        check(isinstance(error, getattr(call.__self__.exceptions, code, ClientError)),
            code + " is not raised as the class of that name")
        return
    check(False, f"{call.__name__} did not fail with {code}: {text}")


def wait(dx, operation, path, want, **parameters):
    """Ask as botocore's own waiters do, until the JMESPath expression has the wanted value."""
    waiter = WaiterModel({"version": 2, "waiters": {"Wanted": {
        "operation": operation, "delay": 0.05, "maxAttempts": 400,
        "acceptors": [{"matcher": "path", "argument": path, "expected": want, "state": "success"}],
    }}})
    create_waiter_with_client("Wanted", waiter, dx).wait(**parameters)


def until(dx, connection_id, state):
    """Wait for a connection's state and answer the connection."""
    wait(dx, "DescribeConnections", "connections[0].connectionState", state, connectionId=connection_id)
    return only(body(dx.describe_connections(connectionId=connection_id))["connections"], connection_id)


def only(found, what):
    equal(len(found), 1, f"number of answers for {what}")
    return found[0]


def read(pdf):
    """The text of a letter."""
    check(pdf.startswith(b"%PDF-"), f"the letter begins with {pdf[:8]!r}, which is no PDF")
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True).stdout.decode()


def key_pair():
    """A new connectivity association key: its name (CKN) and the key itself (CAK)."""
    return {"ckn": secrets.token_hex(32), "cak": secrets.token_hex(32)}


def arn(kind, identifier, account=CUSTOMER, region=REGION):
    return f"arn:aws:directconnect:{region}:{account}:{kind}/{identifier}"


def tags(**pairs):
    return [{"key": key, "value": value} for key, value in pairs.items()]

"""The Python variant: new id -> PutObject -> PutItem -> answer. `rust/core/src/` does the same, step for step."""

import json
import os
import time
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError


class Failure(Exception):
    """Why a step failed: the service's own code and message, or one of two kinds when there is no answer."""

    def __init__(self, service, error):
        self.body = {"service": service, **self._reason(error)}

    @staticmethod
    def _reason(error):
        if isinstance(error, ClientError):
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            status = str(error.response["ResponseMetadata"]["HTTPStatusCode"])
            # An answer without an error document: its HTTP status is all there is.
            return {"code": status, "message": ""} if code in ("", status) else {"code": code, "message": message}
        if isinstance(error, (ConnectTimeoutError, ReadTimeoutError)):
            return {"code": "Timeout", "message": "no answer in time"}
        return {"code": "NoAnswer", "message": "no answer could be read"}


class Clock:
    """Times the steps of one invocation, failed ones included."""

    def __init__(self):
        self.started = time.perf_counter()
        self.steps = []

    def time(self, step, service, work, **parameters):
        started = time.perf_counter()
        try:
            work(**parameters)
        except (BotoCoreError, ClientError) as error:
            raise Failure(service, error) from error
        finally:
            self.steps.append((step, time.perf_counter() - started))

    def server_timing(self):
        """`s3;dur=1.234, ddb;dur=0.567, total;dur=2.345`, in ms."""
        steps = [*self.steps, ("total", time.perf_counter() - self.started)]
        return ", ".join(f"{name};dur={seconds * 1e3:.3f}" for name, seconds in steps)


def settings():
    """Reads the two variables; the error names every one that is missing or empty."""
    names = ("S3_BUCKET_NAME", "DYNAMODB_TABLE")
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise RuntimeError(f"missing environment variables: {', '.join(missing)}")
    return [os.environ[name] for name in names]


# SDK settings, the same as in `rust/core/src/clients.rs`.
CONFIG = Config(
    connect_timeout=3,
    read_timeout=3,
    # A retry would hide an error and count as latency.
    retries={"mode": "standard", "total_max_attempts": 1},
    # By default one SDK sends a checksum header and the other, over TLS, a chunked body with a trailer.
    request_checksum_calculation="when_required",
    # Bucket in the path: one host name to resolve, whatever the endpoint.
    s3={"addressing_style": "path"},
)

BUCKET, TABLE = settings()
S3 = boto3.client("s3", config=CONFIG)
DYNAMODB = boto3.client("dynamodb", config=CONFIG)
ENVIRONMENT = str(uuid.uuid4())
invocations = 0


def handler(_event, _context):
    """One invocation; the event is not looked at, so that a Function URL and a direct invoke get the same answer."""
    global invocations
    invocations += 1
    clock = Clock()
    try:
        status, body = 200, {"id": store(clock)}
    except Failure as failure:
        status, body = 502, {"error": failure.body}
    return answer(status, body, clock)


def store(clock):
    id = str(uuid.uuid4())
    clock.time("s3", "s3", S3.put_object, Bucket=BUCKET, Key=id, Body=id.encode())
    clock.time("ddb", "dynamodb", DYNAMODB.put_item, TableName=TABLE, Item={"id": {"S": id}})
    return id


def answer(status, body, clock):
    """A Function URL response (payload format 2.0)."""
    return {
        "statusCode": status,
        "headers": {
            "content-type": "application/json",
            "x-execution-environment": ENVIRONMENT,
            "x-invocation": str(invocations),
            "server-timing": clock.server_timing(),
        },
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    }

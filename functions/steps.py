"""What every Python shape of the function shares: settings, times of steps, failures, and the answer."""

import json
import os
import time
import uuid

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError

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


def settings():
    """Reads the two variables; the error names every one that is missing or empty."""
    names = ("S3_BUCKET_NAME", "DYNAMODB_TABLE")
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise RuntimeError(f"missing environment variables: {', '.join(missing)}")
    return [os.environ[name] for name in names]


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


class Environment:
    """One execution environment: its id, and how often it was invoked."""

    def __init__(self):
        self.id = None
        self.invocations = 0

    def invoke(self, store):
        """One invocation: `store(clock)` does the steps and returns the new id."""
        if self.id is None:
            # Not before the first call: many environments may be restored from one snapshot of init (SnapStart).
            self.id = str(uuid.uuid4())
        self.invocations += 1
        clock = Clock()
        try:
            status, body = 200, {"id": store(clock)}
        except Failure as failure:
            status, body = 502, {"error": failure.body}
        return self._answer(status, body, clock)

    def _answer(self, status, body, clock):
        """A Function URL response (payload format 2.0)."""
        return {
            "statusCode": status,
            "headers": {
                "content-type": "application/json",
                "x-execution-environment": self.id,
                "x-invocation": str(self.invocations),
                "server-timing": clock.server_timing(),
            },
            "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        }

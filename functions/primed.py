"""The best effort (`.github/best-effort.yml`): init also opens the connections, and runs once what the calls will run."""

from botocore.exceptions import BotoCoreError, ClientError
from handler import BUCKET, DYNAMODB, S3, TABLE, handler

__all__ = ["handler"]


def prime(call, **parameters):
    try:
        call(**parameters)
    except (BotoCoreError, ClientError):
        # A role that may only write is refused, over the connection that the calls will use; that is as good.
        pass


prime(S3.head_bucket, Bucket=BUCKET)
prime(DYNAMODB.describe_table, TableName=TABLE)

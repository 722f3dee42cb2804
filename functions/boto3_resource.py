"""The Python shape of the original experiment, for `.github/replica.yml`: boto3's resources instead of its clients."""

import uuid

import boto3
from steps import CONFIG, Environment, settings

BUCKET, TABLE_NAME = settings()
S3 = boto3.resource("s3", config=CONFIG)
TABLE = boto3.resource("dynamodb", config=CONFIG).Table(TABLE_NAME)
ENVIRONMENT = Environment()


def handler(_event, _context):
    """One invocation, as in `handler.py`."""
    return ENVIRONMENT.invoke(store)


def store(clock):
    id = str(uuid.uuid4())
    clock.time("s3", "s3", S3.Object(BUCKET, id).put, Body=id.encode())
    clock.time("ddb", "dynamodb", TABLE.put_item, Item={"id": id})
    return id

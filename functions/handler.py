"""The Python variant: new id -> PutObject -> PutItem -> answer. `rust/core/src/` does the same, step for step."""

import uuid

import boto3
from steps import CONFIG, Environment, settings

BUCKET, TABLE = settings()
S3 = boto3.client("s3", config=CONFIG)
DYNAMODB = boto3.client("dynamodb", config=CONFIG)
ENVIRONMENT = Environment()


def handler(_event, _context):
    """One invocation; the event is not looked at, so that a Function URL and a direct invoke get the same answer."""
    return ENVIRONMENT.invoke(store)


def store(clock):
    id = str(uuid.uuid4())
    clock.time("s3", "s3", S3.put_object, Bucket=BUCKET, Key=id, Body=id.encode())
    clock.time("ddb", "dynamodb", DYNAMODB.put_item, TableName=TABLE, Item={"id": {"S": id}})
    return id

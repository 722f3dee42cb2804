"""The same cases as `rust/core/tests/invoke.rs`, with the same expected bytes."""

import json
import re
import uuid

import pytest
from conftest import HANG_UP, SILENCE

OK = [(200, ""), (200, "{}")]
URL_EVENT = {"version": "2.0", "rawPath": "/", "requestContext": {"http": {"method": "GET"}}, "isBase64Encoded": False}


def steps(answer):
    entries = answer["headers"]["server-timing"].split(", ")
    assert all(re.fullmatch(r"\w+;dur=\d+\.\d{3}", entry) for entry in entries)
    return [entry.split(";")[0] for entry in entries]


@pytest.mark.parametrize("event", [URL_EVENT, {}, None], ids=["function url", "direct", "no event"])
def test_puts_the_object_then_the_item_then_answers_with_the_id(serve, load, event):
    server = serve(*OK)
    answer = load(server.url)(event, None)
    put_object, put_item = server.requests
    id = put_object["body"]
    assert uuid.UUID(id).version == 4
    assert answer["statusCode"] == 200
    assert answer["body"] == f'{{"id":"{id}"}}'
    # Rust's SDK adds `?x-id=PutObject`.
    assert (put_object["method"], put_object["path"].split("?")[0]) == ("PUT", f"/bucket/{id}")
    assert put_item["headers"]["x-amz-target"] == "DynamoDB_20120810.PutItem"
    assert json.loads(put_item["body"]) == {"TableName": "table", "Item": {"id": {"S": id}}}


def test_signs_the_body_and_adds_no_checksum(serve, load):
    server = serve(*OK)
    load(server.url)({}, None)
    headers = server.requests[0]["headers"]
    assert headers["content-length"] == "36"
    assert len(headers["x-amz-content-sha256"]) == 64
    assert headers["x-amz-checksum-crc32"] is None


def test_counts_invocations_and_keeps_the_environment(serve, load):
    handler = load(serve(*OK, *OK).url)
    first, second = handler({}, None), handler({}, None)
    assert [answer["headers"]["x-invocation"] for answer in (first, second)] == ["1", "2"]
    assert first["headers"]["x-execution-environment"] == second["headers"]["x-execution-environment"]
    assert first["headers"]["content-type"] == "application/json"
    assert steps(first) == ["s3", "ddb", "total"]


def test_another_environment_has_another_id(serve, load):
    server = serve(*OK, *OK)
    ids = [load(server.url)({}, None)["headers"]["x-execution-environment"] for _ in range(2)]
    assert ids[0] != ids[1]


def test_an_s3_error_is_a_502_without_a_write_to_dynamodb_and_without_a_retry(serve, load):
    server = serve((404, "<Error><Code>NoSuchBucket</Code><Message>The bucket “b” is gone</Message></Error>"))
    answer = load(server.url)({}, None)
    assert answer["statusCode"] == 502
    expected = '{"error":{"service":"s3","code":"NoSuchBucket","message":"The bucket “b” is gone"}}'
    assert answer["body"] == expected
    assert steps(answer) == ["s3", "total"]
    assert len(server.requests) == 1


def test_a_dynamodb_error_is_a_502_with_the_services_own_words(serve, load):
    kind = "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"
    server = serve((200, ""), (400, json.dumps({"__type": kind, "message": "no table"})))
    answer = load(server.url)({}, None)
    assert answer["statusCode"] == 502
    expected = '{"error":{"service":"dynamodb","code":"ResourceNotFoundException","message":"no table"}}'
    assert answer["body"] == expected
    assert steps(answer) == ["s3", "ddb", "total"]


@pytest.mark.parametrize(
    ("replies", "failure"),
    [
        ([(503, "")], '{"service":"s3","code":"503","message":""}'),
        ([OK[0], (500, "")], '{"service":"dynamodb","code":"500","message":""}'),
        ([OK[0], HANG_UP], '{"service":"dynamodb","code":"NoAnswer","message":"no answer could be read"}'),
        ([SILENCE], '{"service":"s3","code":"Timeout","message":"no answer in time"}'),
    ],
    ids=["s3 without a document", "dynamodb without a document", "hang-up", "silence"],
)
def test_a_failure_without_an_error_document_has_a_fixed_body(serve, load, replies, failure):
    answer = load(serve(*replies).url)({}, None)
    assert (answer["statusCode"], answer["body"]) == (502, f'{{"error":{failure}}}')


def test_a_refused_connection_is_a_502(serve, load):
    server = serve()
    server.shutdown()
    server.server_close()
    answer = load(server.url)({}, None)
    expected = '{"error":{"service":"s3","code":"NoAnswer","message":"no answer could be read"}}'
    assert (answer["statusCode"], answer["body"]) == (502, expected)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"S3_BUCKET_NAME": "", "DYNAMODB_TABLE": ""}, "S3_BUCKET_NAME, DYNAMODB_TABLE"),
        ({"DYNAMODB_TABLE": ""}, "DYNAMODB_TABLE"),
    ],
)
def test_init_fails_and_names_every_missing_variable(load, variables, named):
    with pytest.raises(RuntimeError, match=f"^missing environment variables: {named}$"):
        load(**variables)

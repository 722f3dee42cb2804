"""What `primed.py` adds to `handler.py`."""

import pytest
from conftest import HANG_UP

REFUSED = (400, '{"__type":"com.amazon.coral.service#AccessDeniedException","message":"it may only write"}')
OK = [(200, ""), (200, "{}")]

pytestmark = pytest.mark.parametrize("load", ["primed"], indirect=True)


def test_init_opens_the_connections_that_the_first_call_uses(serve, load):
    s3_and_dynamodb = serve((403, ""), REFUSED, *OK)
    handler = load(s3_and_dynamodb.url)
    head_bucket, describe_table = s3_and_dynamodb.requests
    assert (head_bucket["method"], head_bucket["path"]) == ("HEAD", "/bucket")
    assert describe_table["headers"]["x-amz-target"] == "DynamoDB_20120810.DescribeTable"
    answer = handler({}, None)
    assert (answer["statusCode"], answer["headers"]["x-invocation"]) == (200, "1")
    put_object, put_item = s3_and_dynamodb.requests[2:]
    assert (put_object["client"], put_item["client"]) == (head_bucket["client"], describe_table["client"])


def test_init_does_not_fail_for_want_of_an_answer(serve, load):
    server = serve(HANG_UP, HANG_UP, *OK)
    assert load(server.url)({}, None)["statusCode"] == 200

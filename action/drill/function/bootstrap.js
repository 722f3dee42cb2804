#!/usr/bin/env node
// The function of the drill: a runtime client without dependencies that stores what it is asked to, and keeps a ledger
// of its invocations that nobody else writes to.
const { randomUUID } = require('node:crypto');
const { appendFileSync } = require('node:fs');

const { AWS_LAMBDA_RUNTIME_API, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_DYNAMODB, LEDGER } = process.env;
const { S3_BUCKET_NAME, DYNAMODB_TABLE, VARIANT } = process.env;
const runtime = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
const environment = randomUUID();
let invocation = 0;

/** dynoxide asks that there be a signature, and checks none. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

async function timed(/** @type {() => Promise<Response>} */ call) {
  const start = performance.now();
  const response = await call();
  await response.text();
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return performance.now() - start;
}

function putObject(/** @type {string} */ id) {
  const url = `${AWS_ENDPOINT_URL_S3}/${S3_BUCKET_NAME}/${id}`;
  return timed(() => fetch(url, { method: 'PUT', body: id }));
}

function putItem(/** @type {string} */ id) {
  const headers = {
    authorization,
    'x-amz-date': '20260101T000000Z',
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.PutItem',
  };
  const body = JSON.stringify({ TableName: DYNAMODB_TABLE, Item: { id: { S: id } } });
  return timed(() => fetch(String(AWS_ENDPOINT_URL_DYNAMODB), { method: 'POST', headers, body }));
}

/** On the AWS double there is no storage: its control plane is what is drilled there. */
async function store(/** @type {string} */ id) {
  if (!AWS_ENDPOINT_URL_S3 || !AWS_ENDPOINT_URL_DYNAMODB) return [0, 0];
  return [await putObject(id), await putItem(id)];
}

async function answer(/** @type {string} */ requestId) {
  appendFileSync(String(LEDGER), `${VARIANT} ${requestId}\n`);
  const headers = {
    'x-execution-environment': environment,
    'x-invocation': String(++invocation),
    'x-lambda-request-id': requestId,
  };
  try {
    const [s3 = 0, dynamodb = 0] = await store(randomUUID());
    const timing = `s3;dur=${s3}, ddb;dur=${dynamodb}, total;dur=${s3 + dynamodb}`;
    return { statusCode: 200, headers: { ...headers, 'server-timing': timing }, body: '{}' };
  } catch (error) {
    return { statusCode: 502, headers, body: JSON.stringify({ error: String(error) }) };
  }
}

async function serve() {
  for (;;) {
    const next = await fetch(`${runtime}/next`);
    await next.text();
    const requestId = String(next.headers.get('lambda-runtime-aws-request-id'));
    const body = JSON.stringify(await answer(requestId));
    await (await fetch(`${runtime}/${requestId}/response`, { method: 'POST', body })).text();
  }
}

serve();

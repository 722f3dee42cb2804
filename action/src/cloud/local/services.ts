import type { ServerProgram } from './server.ts';

/** Neither server checks signatures; dynoxide asks that there be one. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

/** An in-memory S3 with one bucket. */
export function s3(gofakes3: string, bucket: string): ServerProgram {
  return {
    name: 'S3 (gofakes3)',
    argv: (port) => [gofakes3, '-host', `127.0.0.1:${port}`, '-backend', 'memory', '-quiet'],
    async prepare(endpoint) {
      await expectOk(await fetch(`${endpoint}/${bucket}`, { method: 'PUT' }));
    },
  };
}

/** A DynamoDB in SQLite's memory with one on-demand table, key `id`. */
export function dynamodb(dynoxide: string, table: string): ServerProgram {
  return {
    name: 'DynamoDB (dynoxide)',
    argv: (port) => [dynoxide, '--host', '127.0.0.1', '--port', String(port), '--log', 'quiet'],
    async prepare(endpoint) {
      await expectOk(await fetch(endpoint, createTable(table)));
    },
  };
}

function createTable(table: string): RequestInit {
  return {
    method: 'POST',
    headers: {
      authorization,
      'x-amz-date': '20260101T000000Z',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.CreateTable',
    },
    body: JSON.stringify({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  };
}

async function expectOk(response: Response): Promise<void> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
}

import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { listen } from '../../loopback.ts';

/** One request as a stand-in saw it. */
export interface Seen {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface StandIn extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly Seen[];
}

/** For tests: a server on loopback in the place of an AWS or GitHub endpoint, answering by hand-written rules. */
export async function standIn(
  answer: (request: Seen, nth: number) => Reply | Promise<Reply>,
): Promise<StandIn> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body });
    const reply = await answer(seen.at(-1)!, seen.length);
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body ?? '');
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An error of a JSON service (Lambda, CloudWatch Logs), by the shape of their API references. */
export function jsonError(status: number, type: string, message = ''): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
    body: JSON.stringify({ __type: type, message, Message: message }),
  };
}

export function json(body: unknown): Reply {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export const STATIC = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example-secret' };

export const SESSION = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'canary-secret',
  sessionToken: 'canary-session',
};

/**
 * Signature Version 4 written out from its specification, for a GET (IAM user guide, "Create a signed request").
 *
 * @param query of the URL in canonical form: by name, then by value.
 */
export function signatureByTheBook(url: string, date: string, query = ''): string {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const { host, pathname } = new URL(url);
  const empty = hash('');
  const signed = 'host;x-amz-content-sha256;x-amz-date;x-amz-security-token';
  const headers = `host:${host}\nx-amz-content-sha256:${empty}\nx-amz-date:${date}\nx-amz-security-token:canary-session\n`;
  const scope = `${date.slice(0, 8)}/us-east-1/lambda/aws4_request`;
  const canonical = hash(`GET\n${pathname}\n${query}\n${headers}\n${signed}\n${empty}`);
  const day = mac('AWS4canary-secret', date.slice(0, 8));
  const key = mac(mac(mac(day, 'us-east-1'), 'lambda'), 'aws4_request');
  const signature = mac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${canonical}`).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}

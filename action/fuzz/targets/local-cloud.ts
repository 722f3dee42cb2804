/** What functions and clients say to the local cloud's two HTTP servers. */
import { Agent, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { longestErrorMessage, longestErrorType, reported } from '../../src/cloud/local/faults.ts';
import { functionUrl } from '../../src/cloud/local/function-url.ts';
import { functionUrlAnswer, functionUrlEvent, type HttpCall } from '../../src/cloud/local/payload.ts';
import { type RuntimeRequest, runtimeServer } from '../../src/cloud/local/runtime-http.ts';
import { chunked, cuts, damagedBytes, damagedText, WORDS } from '../damage.ts';
import { damagedJson } from '../damage-json.ts';
import { must, type Target, target } from '../target.ts';

const POST = (body: string, head = `content-length: ${Buffer.byteLength(body)}\r\n`) =>
  Buffer.from(`POST /2018-06-01/runtime/invocation/abc/response HTTP/1.1\r\nhost: x\r\n${head}\r\n${body}`);
const CHUNKED = POST('5\r\nhello\r\n0;x=y\r\n\r\n', 'transfer-encoding: chunked\r\n');
const SIZES = ['-6', '-1', 'ffffffff', 'fffffffffffffffff', '0x5', '5;', ''];
const strange = () =>
  fc.oneof(
    fc
      .constantFrom(...SIZES)
      .map((size) => POST(`${size}\r\nhello\r\n0\r\n\r\n`, 'transfer-encoding: chunked\r\n')),
    fc.constantFrom(...SIZES, ...WORDS).map((length) => POST('hello', `content-length: ${length}\r\n`)),
    damagedBytes(fc.constantFrom(POST('{"a":1}'), CHUNKED)),
  );

export function localCloudTargets(): Target[] {
  return [
    target('runtime-api', 200, fc.tuple(strange(), cuts()), async ([bytes, cutsAt]) => {
      const whole = await heard([bytes]);
      const parts = await heard(chunked(bytes, cutsAt));
      must(whole.length <= 1, 'one request is answered at a time');
      must(isSame(parts[0], whole[0]), 'a request is the same however it is cut');
      if (bytes.equals(CHUNKED)) must(parts[0]?.body.toString() === 'hello', 'a whole request is read');
    }),
    target('event', 300, calls(), (call) => {
      const event = JSON.parse(functionUrlEvent(call));
      const given = new URLSearchParams(call.target.split('?').slice(1).join('?'));
      for (const name of new Set(given.keys()))
        must(
          Object.hasOwn(event.queryStringParameters, name) &&
            event.queryStringParameters[name] === given.getAll(name).join(','),
          'a function is told its query',
        );
      must(event.version === '2.0' && !('polluted' in {}), 'an event is one of version 2.0');
    }),
    target('answer', 300, answers(), (body) => {
      const { status, body: sent } = functionUrlAnswer(body);
      must(Number.isInteger(status) && status >= 200 && status <= 599, 'an answer is final');
      must(typeof sent === 'string' || Buffer.isBuffer(sent), 'an answer has a body');
      const { errorType, errorMessage } = reported('Runtime.Unknown', body);
      must(typeof errorType === 'string' && typeof errorMessage === 'string', 'a fault is told in words');
      const short = errorType.length <= longestErrorType && errorMessage.length <= longestErrorMessage;
      must(short, 'a fault is told in few words');
    }),
    target('function-url', 60, answers(), async (body) => {
      const response = await asked(body);
      must(
        response.statusCode! >= 200 && response.headers['x-amzn-requestid'] !== undefined,
        'a client gets an answer',
      );
    }),
  ];
}

/** The requests that the server hears from a client that sends these chunks and hangs up. */
async function heard(chunks: readonly Buffer[]): Promise<RuntimeRequest[]> {
  const requests: RuntimeRequest[] = [];
  const server = runtimeServer((one) => {
    requests.push(one);
    one.header('content-type');
    one.reply('200 OK', '', 'é');
  });
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  server.emit('connection', socket as Socket);
  for (const chunk of chunks) socket.push(chunk);
  socket.push(null);
  await new Promise((resolve) => socket.once('close', resolve).once('end', resolve));
  return requests;
}

const calls = (): fc.Arbitrary<HttpCall> =>
  fc.record({
    requestId: fc.uuid(),
    functionName: fc.constant('a'),
    method: fc.constantFrom('GET', 'POST'),
    target: damagedText(
      fc.constantFrom('/', '/a/b?x=1&y=2&x=3', '/?__proto__=1&constructor=2&toString=3&toString=4'),
    ),
    headers: headers(),
    body: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    sourceIp: fc.constant('127.0.0.1'),
    timeMs: fc.integer({ min: 0, max: 4e12 }),
  });

const headers = () =>
  fc.dictionary(
    fc.constantFrom('host', 'cookie', 'content-type', 'user-agent', '__proto__', 'x-a'),
    fc.constantFrom('a=b; c=d', 'text/plain', ...WORDS),
  );

const ANSWER = {
  statusCode: 200,
  headers: { 'content-type': 'text/plain', 'x-a': 'b' },
  cookies: ['a=b'],
  body: 'hello',
  isBase64Encoded: false,
};
const HEADERS = [
  'connection',
  'trailer',
  'te',
  'expect',
  'date',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'set-cookie',
  '__proto__',
  'x y',
  '',
];
const answers = (): fc.Arbitrary<Buffer> =>
  fc.oneof(
    damagedJson(fc.constant(ANSWER)).map((value) => Buffer.from(JSON.stringify(value) ?? '')),
    fc
      .tuple(fc.constantFrom(...HEADERS), fc.constantFrom(...WORDS, 'gzip', '100-continue', 'close', '5'))
      .map(([name, value]) => Buffer.from(JSON.stringify({ ...ANSWER, headers: { [name]: value } }))),
    fc
      .integer({ min: 99, max: 600 })
      .map((statusCode) => Buffer.from(JSON.stringify({ ...ANSWER, statusCode }))),
    damagedJson(fc.constant({ errorType: 'Error', errorMessage: 'no', stackTrace: [] })).map((value) =>
      Buffer.from(JSON.stringify(value) ?? ''),
    ),
    fc
      .integer({ min: 1, max: 5000 })
      .map((length) => 'e'.repeat(length))
      .map((long) => Buffer.from(JSON.stringify({ errorType: long, errorMessage: long }))),
    damagedBytes(fc.constant(Buffer.from(JSON.stringify(ANSWER)))),
  );

const agent = new Agent({ keepAlive: false });

/** What a client of a Function URL gets whose function returned these bytes. */
async function asked(body: Buffer): Promise<IncomingMessage> {
  const url = await functionUrl({
    functionName: 'a',
    maxConcurrency: 1,
    invoke: (_id, _event, answer) => {
      answer({ ok: true, body });
      return true;
    },
  });
  try {
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(url.url, { agent, timeout: 5000, maxHeaderSize: 2 ** 20 }, (response) => {
        // Closed in the usual way, its port would be taken for a minute more, and there are 28,000.
        response.on('error', () => {}).socket.resetAndDestroy();
        resolve(response);
      });
      sent
        .once('timeout', () => sent.destroy(new Error('the client waits for ever')))
        .once('error', reject)
        .end();
    });
  } finally {
    url.close();
  }
}

/** What follows a request in the same packet is not looked at: runtime clients wait for each answer. */
function isSame(one: RuntimeRequest | undefined, other: RuntimeRequest | undefined): boolean {
  return one?.path === other?.path && one?.body.toString('latin1') === other?.body.toString('latin1');
}

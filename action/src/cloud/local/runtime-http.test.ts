import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listen } from '../../loopback.ts';
import { type RuntimeRequest, runtimeServer } from './runtime-http.ts';

let socket: Socket;
let end: () => void;
let seen: RuntimeRequest[];

beforeEach(async () => {
  seen = [];
  const server = runtimeServer((request) => {
    seen.push(request);
    request.reply('200 OK', 'x-more: 1\r\n', '{"é":1}');
  });
  socket = connect(await listen(server), '127.0.0.1');
  end = () => {
    socket.destroy();
    server.close();
  };
});
afterEach(() => end());

const post = 'POST /response HTTP/1.1\r\nHost: a\r\n';
const bodies = () => seen.map(({ body }) => body.toString());

it('answers with a head and a body of the right length in bytes', async () => {
  socket.write('GET /next HTTP/1.1\r\nHost: a\r\n\r\n');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toBe(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-more: 1\r\ncontent-length: 8\r\n\r\n{"é":1}',
  );
  expect(seen[0]).toMatchObject({ path: '/next' });
});

it.each([
  ['with a length', `${post}Content-Length: 5\r\n\r\nhello`],
  ['in chunks', `${post}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;ext=1\r\nllo\r\n0\r\n\r\n`],
])('reads a body %s however it is cut', async (_how, text) => {
  for (const byte of text) {
    socket.write(byte);
    await sleep(0);
  }
  await once(socket, 'data');
  socket.write(text);
  await once(socket, 'data');
  expect(bodies()).toEqual(['hello', 'hello']);
});

it('asks for a body that waits to be asked for', async () => {
  socket.write(`${post}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`);
  const [go] = await once(socket, 'data');
  expect(String(go)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('ok');
  await once(socket, 'data');
  expect(bodies()).toEqual(['ok']);
});

it('gives headers whatever their case', async () => {
  socket.write('GET / HTTP/1.1\r\nLambda-Runtime-Function-Error-Type:  Bad \r\n\r\n');
  await once(socket, 'data');
  expect(seen[0]?.header('lambda-runtime-function-error-type')).toBe('Bad');
  expect(seen[0]?.header('x-other')).toBeUndefined();
});

it('cuts a body far over what a response may be', async () => {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {}); // reset while writing
  socket.write(`${post}Content-Length: 99000000\r\n\r\n`);
  socket.write(Buffer.alloc(33 * 1024 * 1024));
  await closed;
  expect(seen).toEqual([]);
});

it.each([
  [
    'a chunk of negative size, which would never be past',
    'Transfer-Encoding: chunked\r\n\r\n-6\r\nhello\r\n0\r\n\r\n',
  ],
  ['a chunk whose size is no number', 'Transfer-Encoding: chunked\r\n\r\nsix\r\nhello\r\n0\r\n\r\n'],
  ['a negative length', 'Content-Length: -5\r\n\r\nhello'],
  ['a length that is no number', 'Content-Length: five\r\n\r\nhello'],
])('hangs up on %s', async (_, text) => {
  const closed = once(socket, 'close');
  socket.write(post + text);
  await closed;
  expect(seen).toEqual([]);
});

// The client of the benchmark, in a process of its own so that its CPU time is not the cloud's, and on bare sockets
// so that its own share of a latency is small. Over IPC it gets `{ url, requests, concurrency }` and answers
// `{ answers: [request id, ms][], errors }`.
import { connect } from 'node:net';

/** @param {URL} url @returns {Promise<import('node:net').Socket>} */
function open(url) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true });
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });
}

/**
 * @param {import('node:net').Socket} socket @param {string} text
 * @returns {Promise<{ ms: number, head: string }>}
 */
function request(socket, text) {
  return new Promise((resolve, reject) => {
    let answer = '';
    const started = performance.now();
    const receive = (/** @type {Buffer} */ chunk) => {
      answer += chunk.toString('latin1');
      if (!whole(answer)) return;
      socket.off('data', receive).off('close', reject);
      resolve({ ms: performance.now() - started, head: answer });
    };
    socket.on('data', receive).once('close', reject);
    socket.write(text);
  });
}

/** @param {string} answer */
function whole(answer) {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer);
  if (length === null) return answer.endsWith('0\r\n\r\n');
  return answer.length >= end + 4 + Number(length[1]);
}

process.on('message', async ({ url, requests, concurrency }) => {
  const { host, pathname } = new URL(url);
  const text = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: benchmark\r\n\r\n`;
  /** @type {[string, number][]} */
  const answers = [];
  let errors = 0;
  let left = requests;
  const loop = async () => {
    const socket = await open(new URL(url));
    while (left-- > 0) {
      const { ms, head } = await request(socket, text);
      const id = /\r\nx-amzn-requestid: *(\S+)/i.exec(head)?.[1] ?? '';
      if (head.startsWith('HTTP/1.1 200')) answers.push([id, ms]);
      else errors++;
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  process.send?.({ answers, errors });
});

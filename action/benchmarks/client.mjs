// The client of the benchmark, in a process of its own so that its CPU time is not the cloud's. Over IPC it gets
// `{ url, requests, concurrency }` and answers `{ latencies (ms), errors }`; it keeps its connections.
import { Agent, get } from 'node:http';

const agent = new Agent({ keepAlive: true });

/** @param {string} url
 * @returns {Promise<{ ms: number, ok: boolean }>} */
function request(url) {
  return new Promise((resolve) => {
    const started = performance.now();
    get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve({ ms: performance.now() - started, ok: response.statusCode === 200 }));
    }).on('error', () => resolve({ ms: performance.now() - started, ok: false }));
  });
}

process.on('message', async ({ url, requests, concurrency }) => {
  /** @type {number[]} */
  const latencies = [];
  let errors = 0;
  let left = requests;
  const loop = async () => {
    while (left-- > 0) {
      const { ms, ok } = await request(url);
      if (ok) latencies.push(ms);
      else errors++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  process.send?.({ latencies, errors });
});

import { connect, createServer, type Socket } from 'node:net';
import { listen } from '../src/loopback.ts';

/** A TCP proxy that hands on what clients send after a delay. Disposing of it cuts its connections. */
export interface SlowProxy extends AsyncDisposable {
  /** E.g. `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Port on loopback that it stands in front of. */
  target: number;
  delayMs: number;
}

export async function slowProxy(): Promise<SlowProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: '127.0.0.1', port: proxy.target, noDelay: true });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
    client.on('data', (chunk) => setTimeout(() => upstream.write(chunk), proxy.delayMs));
    upstream.pipe(client);
  });
  const proxy = { url: `http://127.0.0.1:${await listen(server)}`, target: 0, delayMs: 0 };
  return Object.assign(proxy, {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

import type { AddressInfo, Server } from 'node:net';

/** Has a server listen on a loopback port of the system's choosing, and tells which. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

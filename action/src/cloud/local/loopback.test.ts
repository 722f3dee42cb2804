import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { listening } from '../../../test/sockets.ts';
import { listen } from '../../loopback.ts';
import { silent } from '../../progress.ts';
import { artifact, localTools } from './fixture.ts';
import { localCloud } from './local.ts';

const tools = await localTools();
const loopback = /^127\.0\.0\.1:\d+$/;

it.runIf(process.platform === 'linux')('a deployment listens on loopback only', async () => {
  const before = listening(process.pid);
  await using code = await artifact({});
  await using deployment = await localCloud({ tools, progress: silent }).deploy([code]);
  await fetch(deployment.endpoints.get('noop')!);
  const opened = listening(process.pid).filter((address) => !before.includes(address));
  // S3, DynamoDB, the function's URL, and the Runtime API of its environment.
  expect(opened).toHaveLength(4);
  for (const address of opened) expect(address).toMatch(loopback);
});

it.runIf(process.platform === 'linux')('what listens everywhere would be seen', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, () => resolve()));
  const other = createServer();
  const port = await listen(other);
  const addresses = listening(process.pid);
  expect(addresses).toContain(`127.0.0.1:${port}`);
  expect(addresses.filter((address) => !loopback.test(address))).not.toEqual([]);
  server.close();
  other.close();
});

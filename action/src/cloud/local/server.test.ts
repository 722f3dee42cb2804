import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { DeployError } from '../../errors.ts';
import { listen } from '../../loopback.ts';
import { localTools } from './fixture.ts';
import { hostEnvironment } from './function-environment.ts';
import { startServer } from './server.ts';
import { dynamodb, s3 } from './services.ts';

const { gofakes3, dynoxide } = await localTools();
const programs = [s3(gofakes3, 'a-bucket'), dynamodb(dynoxide, 'a-table')];
const options = { cwd: tmpdir(), env: hostEnvironment() };

/** A server that answers 200 to anything, as if it were the one asked for. */
async function squatter(): Promise<{ port: number; server: Server } & AsyncDisposable> {
  const server = createServer((_request, response) => response.end('{}'));
  const port = await listen(server);
  return {
    port,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it.each(programs)('$name takes another port when the chosen one is taken meanwhile', async (program) => {
  await using taken = await squatter();
  await using free = await squatter();
  free.server.closeAllConnections();
  await new Promise((resolve) => free.server.close(resolve));
  const ports = [taken.port, free.port];
  const server = await startServer(program, { ...options, pickPort: async () => ports.shift() as number });
  expect(server.endpoint).toBe(`http://127.0.0.1:${free.port}`);
  await server.end();
});

it.each(programs)('$name gives up when five ports in a row are taken', async (program) => {
  await using taken = await squatter();
  const attempt = startServer(program, { ...options, pickPort: async () => taken.port });
  await expect(attempt).rejects.toThrow(DeployError);
  await expect(attempt).rejects.toThrow(/found every port taken .*: (\d+, ){4}\d+\./);
});

it('a program that does not run is named with its last words', async () => {
  const broken = { ...s3(gofakes3, 'a-bucket'), argv: () => [gofakes3, '-no-such-flag'] };
  await expect(startServer(broken, options)).rejects.toThrow(
    /S3 \(gofakes3\) did not come up .*no-such-flag/s,
  );
});

it('a program that is not there is named', async () => {
  const missing = { ...s3(gofakes3, 'a-bucket'), argv: () => ['/no/such/program'] };
  await expect(startServer(missing, options)).rejects.toThrow(/no\/such\/program: not found/);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import type { Deployment } from '../cloud/cloud.ts';
import { profileNamed } from '../config/profiles.ts';
import { listen } from '../loopback.ts';
import type { Config } from '../model.ts';
import { silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { Journal } from './journal.ts';
import { load } from './load.ts';
import { addressOf, GET_ROOT } from './request.ts';

const cacheDir = join(import.meta.dirname, '../../../.cache');
const journalDir = mkdtempSync(join(tmpdir(), 'duel-journal-'));
afterAll(() => rmSync(journalDir, { recursive: true }));

it('goes below the Function URL', () => {
  expect(addressOf('http://h:1/', GET_ROOT)).toBe('http://h:1/');
  expect(addressOf('http://h:1/stage/', { ...GET_ROOT, path: '/a?b=c' })).toBe('http://h:1/stage/a?b=c');
});

it('is sent by the pilot and by k6 as the config describes it', async () => {
  const seen = new Set<string>();
  const server = createServer(async (request, response) => {
    seen.add([request.method, request.url, request.headers['x-shop'], await text(request)].join(' '));
    response.end('{}');
  });
  const url = `http://127.0.0.1:${await listen(server)}/`;
  const deployment = { endpoints: new Map([['a', url]]), freshEnvironments: async () => {} };
  const config = {
    variants: [{ name: 'a' }],
    profile: { ...profileNamed('smoke', 1), blocks: 1, slotSeconds: 2.3, rate: 10 },
    request: {
      method: 'POST',
      path: '/orders?n=1',
      headers: { 'x-shop': 'corner' },
      body: '{"hello":"world"}',
    },
    seed: 1,
    shard: null,
  };
  const { k6 } = await ensureTools(['k6'], { cacheDir, progress: silent });
  const means = {
    k6,
    progress: silent,
    signal: new AbortController().signal,
    workDir: tmpdir(),
    journal: new Journal(journalDir),
    looks: null,
  };
  const run = await load(config as unknown as Config, deployment as unknown as Deployment, means);
  server.close();
  server.closeAllConnections();
  expect([...run.samples].map(({ status }) => status)).toContain(200);
  expect([...seen]).toEqual(['POST /orders?n=1 corner {"hello":"world"}']);
});

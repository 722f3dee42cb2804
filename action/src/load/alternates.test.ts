import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { SESSION, signatureByTheBook, standIn } from '../cloud/aws/fixture.ts';
import { functionUrlSigner } from '../cloud/aws/signing.ts';
import type { Deployment } from '../cloud/cloud.ts';
import { scripted } from '../cloud/scripted.ts';
import { collect, recordsOf } from '../collect/collect.ts';
import { profileNamed } from '../config/profiles.ts';
import type { Config, Profile } from '../model.ts';
import { silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { endpointOf, isAlternate } from './alternates.ts';
import { Journal } from './journal.ts';
import { load } from './load.ts';

const SCRIPT = { initMs: 20, durationMs: 2 };
const PROFILE: Profile = { ...profileNamed('smoke', 1), blocks: 4, slotSeconds: 2.3, rate: 40 };

const journalDir = mkdtempSync(join(tmpdir(), 'duel-alternates-journal-'));
afterAll(() => rmSync(journalDir, { recursive: true }));

async function loaded(deployment: Deployment) {
  const cacheDir = join(import.meta.dirname, '../../../.cache');
  const { k6 } = await ensureTools(['k6'], { cacheDir, progress: silent });
  const config = { variants: [{ name: 'a' }], profile: PROFILE, seed: 5, shard: null } as unknown as Config;
  const signal = new AbortController().signal;
  const journal = new Journal(journalDir);
  return load(config, deployment, { k6, progress: silent, signal, workDir: tmpdir(), journal, looks: null });
}

describe('functions that alternate', () => {
  it('serve even and odd blocks', () => {
    const deployment = { endpoints: new Map([['a', '1']]), alternates: new Map([['a', '2']]) };
    expect([0, 1, 2, 3].map((block) => endpointOf(deployment, 'a', block))).toEqual(['1', '2', '1', '2']);
    const alone = { endpoints: deployment.endpoints };
    expect([0, 1].map((block) => endpointOf(alone, 'a', block))).toEqual(['1', '1']);
    expect(isAlternate(alone, 'a', 1)).toBe(false);
  });

  it('are replaced one while the other is measured, so that a slow replacement reuses nothing', async () => {
    await using both = await scripted({ one: SCRIPT, two: SCRIPT });
    const replaced: string[] = [];
    const deployment: Deployment = {
      ...both,
      endpoints: new Map([['a', both.endpoints.get('one')!]]),
      alternates: new Map([['a', both.endpoints.get('two')!]]),
      freshEnvironments: async (_, alternate) => {
        const name = alternate ? 'two' : 'one';
        replaced.push(name);
        await sleep(600); // twice the usual guard
        await both.freshEnvironments(name);
      },
      invocations: async (window) =>
        (await both.invocations(window)).map((invocation) => ({ ...invocation, variant: 'a' })),
    };
    const run = await loaded(deployment);
    // For the pilot and after it, and then each one during the block before its own.
    expect(replaced).toEqual(['one', 'one', 'two', 'one', 'two']);
    const { slots, warnings } = collect(run, await recordsOf(run, deployment, () => []), PROFILE);
    expect(warnings.map(({ code }) => code)).not.toContain('environments-reused');
    const ids = slots.flatMap(({ environments }) => environments.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(slots.flatMap(({ environments }) => environments).filter(({ initMs }) => initMs === null)).toEqual(
      [],
    );
  });
});

describe('a deployment whose endpoints demand signatures', () => {
  it('gets only signed requests, from pilot and load, and none too many is counted', async () => {
    const unsigned: string[] = [];
    await using lambda = await standIn(({ headers }) => {
      const expected = signatureByTheBook(`${lambda.url}/`, String(headers['x-amz-date']));
      if (headers.authorization !== expected) unsigned.push(String(headers.authorization));
      return {
        status: headers.authorization === expected ? 200 : 403,
        headers: { 'x-amzn-requestid': randomUUID(), 'x-execution-environment': 'e', 'x-invocation': '2' },
      };
    });
    await using nothing = await scripted({});
    const run = await loaded({
      ...nothing,
      endpoints: new Map([['a', `${lambda.url}/`]]),
      signer: functionUrlSigner({ region: 'us-east-1', credentials: async () => SESSION }),
    });
    expect(unsigned).toEqual([]);
    expect([...run.samples].filter(({ status }) => status !== 200)).toEqual([]);
    expect(run.warnings.map(({ code }) => code)).not.toContain('samples-lost');
  });
});

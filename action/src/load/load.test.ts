import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Script, scripted } from '../cloud/scripted.ts';
import { collect, recordsOf } from '../collect/collect.ts';
import { DeployError, InterruptedError, LoadError } from '../errors.ts';
import type { Config, LoadRun, Profile, Warning } from '../model.ts';
import { type Progress, silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { Journal } from './journal.ts';
import { type LoadMeans, load } from './load.ts';
import { profileNamed } from './profiles.ts';

const QUICK: Script = { initMs: 20, durationMs: 2 };
const workDir = mkdtempSync(join(tmpdir(), 'duel-load-test-'));
const journalDir = mkdtempSync(join(tmpdir(), 'duel-load-journal-'));
let k6 = '';

beforeAll(async () => {
  const cacheDir = join(import.meta.dirname, '../../../.cache');
  ({ k6 } = await ensureTools(['k6'], { cacheDir, progress: silent }));
}, 600_000);

afterAll(() => {
  for (const folder of [workDir, journalDir]) rmSync(folder, { recursive: true });
});

afterEach(() => {
  expect(readdirSync(workDir), 'temporary files are gone').toEqual([]);
  expect(processesOf(workDir), 'processes are gone').toEqual([]);
});

/** Ids of processes that have the folder in their command line, as k6 does for its options file. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'latin1').includes(`${folder}/lambda-duel-`);
      } catch {
        return false; // It ended meanwhile.
      }
    })
    .map(Number);
}

function configOf(variants: readonly string[], profile: Partial<Profile> = {}): Config {
  const short = {
    ...profileNamed('smoke', variants.length),
    blocks: 2,
    slotSeconds: 2.3,
    rate: 40,
    ...profile,
  };
  return {
    variants: variants.map((name) => ({ name })),
    profile: short,
    seed: 5,
    shard: null,
  } as unknown as Config;
}

/** Means whose `onStart` is called when the load has begun. */
function means(fields: Partial<LoadMeans> = {}, onStart: () => void = () => {}): LoadMeans {
  const progress: Progress = {
    line: (_, message) => {
      if (message.includes('slots, ')) onStart();
    },
  };
  return {
    k6,
    progress,
    signal: new AbortController().signal,
    workDir,
    journal: new Journal(journalDir),
    looks: null,
    ...fields,
  };
}

/** What a busy machine may add to any run. */
const notOfTheMachine = ({ code }: Warning) =>
  !['machine-saturated', 'environments-late', 'slots-lengthened', 'warm-up-cut'].includes(code);

describe('load', () => {
  it('returns every request of a run as a sample that has its platform record', async () => {
    await using deployment = await scripted({ a: QUICK, b: { initMs: 60, durationMs: 8 } });
    const config = configOf(['a', 'b']);
    const run = await load(config, deployment, means());
    expect(run.warnings.filter(notOfTheMachine)).toEqual([]);
    expect(run.unreadableLines).toBe(0);
    const collected = await collect(run, await recordsOf(run, deployment, () => []), config.profile);
    expect(collected).toMatchObject({ coverage: 1, foreignInvocations: 0 });
    expect(collected.slots).toHaveLength(4);
    for (const slot of collected.slots) {
      const warmUp = [...run.samples].filter(
        ({ block, variant, phase }) =>
          block === slot.block && variant === slot.variant && phase === 'warm-up',
      );
      // A busy machine may cut an opening short.
      expect(warmUp.length).toBeGreaterThan(0);
      expect(warmUp.length).toBeLessThanOrEqual(44);
      // One second at 40/s; k6 on a busy machine sends some less or more.
      expect(slot.requests - warmUp.length + slot.dropped).toBeGreaterThan(0);
      expect(slot.requests - warmUp.length + slot.dropped).toBeLessThanOrEqual(50);
      expect(slot.errors).toBe(0);
      expect(slot.environments.length).toBeGreaterThanOrEqual(4);
      expect(slot.environments.filter(({ initMs }) => initMs === null)).toEqual([]);
    }
    const ids = collected.slots.flatMap((slot) => slot.environments.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  }, 60_000);

  it('ends early at the look that decides, with the blocks before it and none after', async () => {
    await using deployment = await scripted({ a: QUICK, b: QUICK });
    const looked: number[] = [];
    const decided = async (run: LoadRun) => {
      looked.push(new Set([...run.samples].map(({ block }) => block)).size);
      return looked.length === 2;
    };
    const config = configOf(['a', 'b'], { blocks: 5 });
    const run = await load(config, deployment, means({ looks: { afterBlocks: [1, 2], decided } }));
    expect(looked).toEqual([1, 2]);
    expect(run.stoppedAtLook).toBe(1);
    expect(run.slots.map(({ block }) => block)).toEqual([0, 0, 1, 1]);
    expect(run.warnings.filter(notOfTheMachine)).toEqual([]);
    const { coverage, slots } = await collect(
      run,
      await recordsOf(run, deployment, () => []),
      config.profile,
    );
    expect(coverage).toBe(1);
    expect(slots.map(({ warm }) => warm.clientMs.length > 0)).toEqual([true, true, true, true]);
  }, 60_000);

  it('runs its full length when no look decides', async () => {
    await using deployment = await scripted({ a: QUICK });
    const looks = { afterBlocks: [1], decided: async () => false };
    const run = await load(configOf(['a'], { blocks: 3 }), deployment, means({ looks }));
    expect(run.stoppedAtLook).toBeNull();
    expect(run.slots).toHaveLength(3);
  }, 60_000);

  it('fails when a look does', async () => {
    await using deployment = await scripted({ a: QUICK });
    const decided = async () => {
      throw new Error('no records');
    };
    const run = load(
      configOf(['a'], { blocks: 9 }),
      deployment,
      means({ looks: { afterBlocks: [1], decided } }),
    );
    await expect(run).rejects.toThrow('no records');
  }, 60_000);

  it('counts failed, rubbish and missing answers as errors and goes on', async () => {
    const bad: Record<number, Answer> = { 140: 502, 145: 'garbage', 150: 'hang' };
    const answer = (nth: number) => bad[nth] ?? 200;
    await using deployment = await scripted({ a: { ...QUICK, answer } });
    const config = configOf(['a']);
    const run = await load(config, deployment, means());
    const failed = [...run.samples].filter(({ status }) => status !== 200).map(({ status }) => status);
    expect(failed.sort()).toEqual([0, 0, 502]);
    expect(run.warnings.map(({ code }) => code)).not.toContain('samples-lost');
    const { slots } = await collect(run, await recordsOf(run, deployment, () => []), config.profile);
    expect(slots.reduce((errors, slot) => errors + slot.errors, 0)).toBe(3);
  }, 60_000);

  it('names a variant that answers the pilot with an error, and measures nothing', async () => {
    await using deployment = await scripted({ good: QUICK, bad: { ...QUICK, answer: () => 502 } });
    const failure = await load(configOf(['good', 'bad']), deployment, means()).catch((error) => error);
    expect(failure).toBeInstanceOf(DeployError);
    expect(failure.message).toBe('Variant "bad" answered HTTP 502, body {}.');
    expect(failure.remedy).toMatch(/handler/);
  });

  it('names a variant that answers the pilot with rubbish', async () => {
    await using deployment = await scripted({ bad: { ...QUICK, answer: () => 'garbage' } });
    await expect(load(configOf(['bad']), deployment, means())).rejects.toThrow(
      /^Variant "bad" gave no response: /,
    );
  });

  it('says so when k6 is not there', async () => {
    await using deployment = await scripted({ a: QUICK });
    const failure = await load(configOf(['a']), deployment, means({ k6: '/nowhere/k6' })).catch(
      (error) => error,
    );
    expect(failure).toBeInstanceOf(LoadError);
    expect(failure.message).toMatch(/^k6 could not be started from \/nowhere\/k6: .*ENOENT/);
  });

  it('shows what k6 said when it refuses to begin', async () => {
    await using deployment = await scripted({ a: QUICK });
    const refused = configOf(['a'], { environments: -1 });
    const failure = await load(refused, deployment, means()).catch((error) => error);
    expect(failure).toBeInstanceOf(LoadError);
    expect(failure.message).toMatch(/^k6 ended with exit code 104 .* Its last words:\n.*number of VUs/s);
  });

  it('fails when k6 is killed in the middle', async () => {
    await using deployment = await scripted({ a: QUICK });
    const kill = () => setTimeout(() => process.kill(processesOf(workDir)[0]!, 'SIGKILL'), 500);
    const failure = await load(configOf(['a']), deployment, means({}, kill)).catch((error) => error);
    expect(failure).toBeInstanceOf(LoadError);
    expect(failure.message).toMatch(/^k6 ended by signal SIGKILL before the load was over/);
  }, 60_000);

  it('fails with the deployment’s own error when environments cannot be replaced', async () => {
    await using deployment = await scripted({ a: QUICK });
    let calls = 0;
    const freshEnvironments = async () => {
      if (++calls > 2) throw new DeployError('The platform is gone.', 'Bring it back.');
    };
    const broken = { ...deployment, freshEnvironments };
    await expect(load(configOf(['a']), broken, means())).rejects.toThrow('The platform is gone.');
  }, 60_000);

  it('ends at once when it is interrupted', async () => {
    await using deployment = await scripted({ a: QUICK });
    const interrupt = new AbortController();
    const { signal } = interrupt;
    const stop = () => setTimeout(() => interrupt.abort(), 300);
    const failure = await load(configOf(['a']), deployment, means({ signal }, stop)).catch((error) => error);
    expect(failure).toBeInstanceOf(InterruptedError);
  }, 60_000);

  it('is interrupted in the pilot too', async () => {
    await using deployment = await scripted({ a: { ...QUICK, answer: () => 'hang' } });
    const signal = AbortSignal.timeout(200);
    await expect(load(configOf(['a']), deployment, means({ signal }))).rejects.toThrow(InterruptedError);
  });

  it('leaves no k6 behind when the pipeline itself is killed', async () => {
    await using deployment = await scripted({ a: QUICK });
    const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const source = `
      import { load } from ${url('./load.ts')};
      import { Journal } from ${url('./journal.ts')};
      const deployment = { endpoints: new Map([['a', ${JSON.stringify(deployment.endpoints.get('a'))}]]), async freshEnvironments() {} };
      const progress = { line: (scope, message) => console.log(message) };
      const signal = new AbortController().signal;
      await load(${JSON.stringify(configOf(['a'], { blocks: 60 }))}, deployment, { k6: ${JSON.stringify(k6)}, progress, signal, workDir: ${JSON.stringify(workDir)}, journal: new Journal(${JSON.stringify(journalDir)}), looks: null });`;
    const pipeline = execa(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
      reject: false,
    });
    await new Promise<void>((resolve, reject) => {
      pipeline.stdout.on('data', (text) => String(text).includes('slots, ') && resolve());
      pipeline.then(({ stderr }) => reject(new Error(stderr)));
    });
    expect(processesOf(workDir)).toHaveLength(1);
    pipeline.kill('SIGKILL');
    await pipeline;
    while (processesOf(workDir).length > 0) await sleep(100);
    for (const left of readdirSync(workDir)) rmSync(join(workDir, left), { recursive: true });
  }, 60_000);
});

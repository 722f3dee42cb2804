import { describe, expect, it } from 'vitest';
import { profileNamed } from '../config/profiles.ts';
import type { Invocation, LoadRun, Sample, Slot } from '../model.ts';
import { collect, recordsOf, shareOf } from './collect.ts';

const PROFILE = { ...profileNamed('smoke', 1), environments: 1, warmupInvocations: 0 };

/** A run of `blocks` slots with one new environment and three requests each: one cold in the opening, two warm. */
function perfect(blocks = 2) {
  const samples: Sample[] = [];
  const invocations: Invocation[] = [];
  const slots: Slot[] = [];
  for (let block = 0; block < blocks; block++) {
    const at = block * 1000;
    const times = { startMs: at, measureMs: at, endMs: at + 1000, measuredMs: 1000 };
    slots.push({ block, position: 0, variant: 'a', ...times, rate: 2 });
    for (const nth of [1, 2, 3]) {
      const requestId = `${block}-${nth}`;
      const [environmentId, endMs] = [`e${block}`, at + nth * 100];
      samples.push({
        ...{
          block,
          variant: 'a',
          phase: nth === 1 ? 'warm-up' : 'measured',
          endMs,
          clientMs: 12,
          status: 200,
        },
        ...{ requestId, environmentId, invocation: nth, s3Ms: null, dynamodbMs: null, handlerMs: null },
      });
      invocations.push({
        ...{ requestId, variant: 'a', environmentId, timeMs: endMs, status: 'success', errorType: null },
        ...{ durationMs: 10, billedDurationMs: 10, initDurationMs: nth === 1 ? 50 : null },
        ...{ memorySizeMb: 128, maxMemoryUsedMb: 40, cpuMs: null },
      });
    }
  }
  return { samples, invocations, slots };
}

type Data = ReturnType<typeof perfect>;

async function collected(data: Data, fields: Partial<LoadRun> = {}, profile = PROFILE) {
  const run: LoadRun = {
    ...{ slots: data.slots, samples: data.samples, dropped: new Map(), startMs: 0, endMs: 2000 },
    rateChoice: { rate: 2, by: 'config', pilotMs: {}, reason: '' },
    ...{ unreadableLines: 0, warnings: [], cpuBusy: null, stoppedAtLook: null, ...fields },
  };
  const invocations = async ({ fromMs, toMs }: { fromMs: number; toMs: number }) =>
    data.invocations.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs);
  return collect(run, await recordsOf(run, { invocations }, () => []), profile);
}

async function warned(data: Data, fields: Partial<LoadRun> = {}, profile = PROFILE) {
  return (await collected(data, fields, profile)).warnings.map(({ code, data }) => ({ code, ...data }));
}

function changed<T>(items: readonly T[], at: number, fields: Partial<T>): T[] {
  return items.map((item, index) => (index === at ? { ...item, ...fields } : item));
}

describe('collect', () => {
  it('has nothing to warn of when everything is as asked', async () => {
    expect(await collected(perfect())).toMatchObject({
      ...{ coverage: 1, foreignInvocations: 0, warnings: [], generatorLag: { p50: 2, p99: 2 } },
      slots: [{ requests: 3, errors: 0 }, { requests: 3 }],
    });
  });

  it('verifies cold starts: each request of a cold run has an init and an environment of its own', async () => {
    const cold = { ...profileNamed('cold', 1), blocks: 2 };
    const { samples, invocations, slots } = perfect();
    const first = { samples: samples.filter(({ invocation }) => invocation === 1), slots };
    expect(
      await warned({ ...first, invocations: invocations.filter((_, at) => at % 3 === 0) }, {}, cold),
    ).toEqual([]);
    const reused = changed(invocations, 3, { initDurationMs: null }).filter((_, at) => at % 3 === 0);
    expect(await warned({ ...first, invocations: reused }, {}, cold)).toEqual([
      { code: 'cold-unverified', requests: 2, verified: 1 },
    ]);
  });

  it('warns of answered requests without a platform record', async () => {
    const data = perfect();
    const { coverage, warnings } = await collected({ ...data, invocations: data.invocations.slice(0, 5) });
    expect(coverage).toBeCloseTo(5 / 6);
    expect(warnings[0]?.message).toBe(
      'Of 6 answered requests 5 have a platform record (83.33 %); the others are in no Duration.',
    );
  });

  it('warns of invocations that no request accounts for, beyond those that had no answer', async () => {
    const data = perfect();
    const extra = ['x', 'y'].map((requestId) => ({ ...data.invocations[0]!, requestId }));
    const invocations = [...data.invocations, ...extra];
    expect(await warned({ ...data, invocations })).toEqual([{ code: 'requests-lost', invocations: 2 }]);
    const unheard = changed(data.samples, 5, { status: 0, requestId: '' });
    expect(await warned({ ...data, samples: unheard })).not.toContainEqual(
      expect.objectContaining({ code: 'requests-lost' }),
    );
    expect(await warned({ ...data, invocations }, { stoppedAtLook: 0 })).toEqual([]);
  });

  it('warns of doubled records', async () => {
    const data = perfect();
    const invocations = [...data.invocations, data.invocations[0]!];
    expect(await warned({ ...data, invocations })).toEqual([{ code: 'duplicate-records', duplicates: 1 }]);
  });

  it('warns of dropped requests', async () => {
    expect(await warned(perfect(), { dropped: new Map([['1/a', 9]]) })).toEqual([
      { code: 'dropped-iterations', dropped: 9, slots: 1 },
    ]);
  });

  it('warns of too few environments, but only where new ones were asked for', async () => {
    const four = { ...PROFILE, environments: 4 };
    expect(await warned(perfect(), {}, four)).toEqual([
      { code: 'few-environments', slots: 2, asked: 4, least: 1 },
    ]);
    const kept = { ...four, freshEnvironments: false };
    expect(await warned(perfect(), {}, kept)).toMatchObject([{ code: 'few-environments', slots: 1 }]);
  });

  it('expects of a shard its part of the environments only', async () => {
    const warnedOf = (environments: number, count: number) =>
      warned(perfect(), {}, shareOf({ profile: { ...PROFILE, environments }, shard: { index: 1, count } }));
    expect(await warnedOf(4, 4)).toEqual([]);
    expect(await warnedOf(5, 3)).toEqual([]); // of shards with 1 and with 2
    expect(await warnedOf(4, 2)).toMatchObject([{ code: 'few-environments', asked: 2 }]);
    expect(shareOf({ profile: PROFILE, shard: null })).toEqual(PROFILE);
  });

  it('warns of an environment in two slots, but not when environments are to be kept', async () => {
    const data = perfect();
    const samples = changed(data.samples, 5, { environmentId: 'e0' });
    const reused = { code: 'environments-reused', reused: 1, environments: 2 };
    expect(await warned({ ...data, samples })).toEqual([reused]);
    expect(await warned({ ...data, samples }, {}, { ...PROFILE, freshEnvironments: false })).toEqual([]);
  });

  it('warns of cold starts in measured windows', async () => {
    const data = perfect();
    const samples = changed(data.samples, 0, { phase: 'measured' });
    expect(await warned({ ...data, samples })).toEqual([{ code: 'cold-in-window', requests: 1 }]);
  });

  it('warns when latency exceeds Duration unevenly, not when the platform is far away', async () => {
    const data = perfect(40);
    const far = data.samples.map((sample) => ({ ...sample, clientMs: 200 }));
    expect(await warned({ ...data, samples: far }, { endMs: 40_000 })).toEqual([]);
    const uneven = changed(changed(data.samples, 1, { clientMs: 100 }), 2, { clientMs: 100 });
    const warnings = await warned({ ...data, samples: uneven }, { endMs: 40_000 });
    expect(warnings).toMatchObject([{ code: 'generator-lag', p50Ms: 2 }]);
  });

  it('warns when the generator’s clock went back', async () => {
    const data = perfect();
    const samples = changed(data.samples, 5, { endMs: 50 - 1000 });
    expect(await warned({ ...data, samples })).toEqual([{ code: 'clock-backwards', ms: 2150 }]);
  });

  it('leaves unanswered requests out of coverage and tells of none when nothing was answered', async () => {
    const data = perfect();
    const dead = { status: 0, requestId: '', environmentId: '', invocation: 0 };
    const samples = data.samples.map((sample) => ({ ...sample, ...dead }));
    const result = await collected({ ...data, samples, invocations: [] });
    expect(result).toMatchObject({
      coverage: 0,
      generatorLag: null,
      slots: [{ requests: 3, errors: 3, unmatched: 0 }, {}],
    });
  });
});

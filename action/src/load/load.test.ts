import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Answer, scripted } from '../cloud/scripted.ts';
import { collect, recordsOf } from '../collect/collect.ts';
import type { LoadRun, Warning } from '../model.ts';
import { configOf, QUICK, workbench } from './load.fixture.ts';
import { load } from './load.ts';
import { schedule, turnsOf } from './schedule.ts';

const { means } = workbench();
afterEach(() => {
  vi.restoreAllMocks();
});

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
      // One second at 40/s; k6 on a busy machine sends some less.
      expect(slot.requests - warmUp.length + slot.dropped).toBeGreaterThan(0);
      expect(slot.requests - warmUp.length + slot.dropped).toBeLessThanOrEqual(40);
      expect(slot.errors).toBe(0);
      expect(slot.environments.length).toBeGreaterThanOrEqual(4);
      expect(slot.environments.filter(({ initMs }) => initMs === null)).toEqual([]);
    }
    const ids = collected.slots.flatMap((slot) => slot.environments.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  }, 60_000);

  it('measures each variant in its own turns', async () => {
    await using deployment = await scripted({ a: QUICK, b: QUICK });
    const run = await load(configOf(['a', 'b'], { slotSeconds: 3.3 }), deployment, means());
    const turns = new Map(run.slots.map((slot) => [`${slot.block}/${slot.variant}`, turnsOf(slot)]));
    const measured = [...run.samples].filter(({ phase }) => phase === 'measured');
    const inTurn = measured.filter(({ block, variant, endMs, clientMs }) => {
      const sentMs = endMs - clientMs - run.startMs;
      return turns
        .get(`${block}/${variant}`)!
        .some(({ startMs, endMs }) => startMs <= sentMs && sentMs < endMs);
    });
    expect(measured.length).toBeGreaterThan(0);
    // By chance it were half of them; a busy machine sends some late.
    expect(inTurn.length / measured.length).toBeGreaterThan(0.75);
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

  it('tells by how much slow starts lengthen a load, which opens once where environments are kept', async () => {
    await using deployment = await scripted({ a: { initMs: 1500, durationMs: 2 } });
    const config = configOf(['a'], { freshEnvironments: false });
    const run = await load(config, deployment, means());
    const { message, data } = run.warnings.find(({ code }) => code === 'slots-lengthened')!;
    const usual = schedule(config.profile, ['a'], 40, config.seed);
    const longer = run.slots.map((slot, at) => slot.measureMs - usual[at]!.measureMs);
    expect(longer).toEqual([data.longerMs, data.longerMs]);
    expect(message).toContain(`${(longer[0]! / 1000).toFixed(1)} s longer than planned`);
  }, 60_000);

  it('tells that the clock was set, though that was before the load', async () => {
    await using deployment = await scripted({ a: QUICK });
    const wall = Date.now;
    let calls = 0;
    const freshEnvironments = async () => {
      if (++calls === 1) vi.spyOn(Date, 'now').mockImplementation(() => wall() + 5000);
    };
    const run = await load(configOf(['a']), { ...deployment, freshEnvironments }, means());
    const moved = run.warnings.find(({ code }) => code === 'clock-moved');
    expect(moved?.message).toMatch(/^The clock of this machine was moved by (4999|500\d) ms during the run;/);
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
});

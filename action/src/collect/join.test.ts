import { describe, expect, it } from 'vitest';
import { profileNamed } from '../config/profiles.ts';
import type { Invocation, LoadRun, Sample, Slot } from '../model.ts';
import { join } from './join.ts';

const PROFILE = { ...profileNamed('smoke', 2), environments: 1, warmupInvocations: 1 };
const START = 1_000_000;

function slot(block: number, variant: string): Slot {
  const startMs = block * 1000;
  const times = { startMs, measureMs: startMs, endMs: startMs + 1000, measuredMs: 1000 };
  return { block, variant, position: 0, ...times, rate: 5 };
}

function sample(requestId: string, fields: Partial<Sample> = {}): Sample {
  return {
    ...{ block: 0, variant: 'a', phase: 'measured', endMs: START + 10, clientMs: 12, status: 200, requestId },
    ...{ environmentId: 'e1', invocation: 3, s3Ms: 1, dynamodbMs: 2, handlerMs: 4, ...fields },
  };
}

function record(requestId: string, fields: Partial<Invocation> = {}): Invocation {
  return {
    ...{
      requestId,
      variant: 'a',
      environmentId: 'log-1',
      timeMs: START + 9,
      status: 'success',
      errorType: null,
    },
    ...{
      durationMs: 10,
      billedDurationMs: 11,
      initDurationMs: null,
      memorySizeMb: 1769,
      maxMemoryUsedMb: 40,
    },
    ...{ cpuMs: 5, ...fields },
  };
}

function runOf(samples: readonly Sample[], fields: Partial<LoadRun> = {}): LoadRun {
  return {
    ...{ slots: [slot(0, 'a')], samples, dropped: new Map(), startMs: START, endMs: START + 1000 },
    rateChoice: { rate: 5, by: 'config', pilotMs: {}, reason: '' },
    ...{ unreadableLines: 0, warnings: [], cpuBusy: null, stoppedAtLook: null, ...fields },
  };
}

function joinOne(samples: readonly Sample[], records: readonly Invocation[]) {
  const joined = join(runOf(samples), records, PROFILE);
  return { ...joined, slot: joined.slots[0]! };
}

describe('join', () => {
  it('puts a request and its record side by side', () => {
    const { slot, ...totals } = joinOne([sample('r1')], [record('r1')]);
    expect(totals).toMatchObject({ answered: 1, matched: 1, foreign: 0, duplicates: 0, coldMeasured: 0 });
    expect(slot.warm).toEqual({
      environment: Uint16Array.of(0),
      endMs: Float64Array.of(START + 10),
      clientMs: Float64Array.of(12),
      durationMs: Float64Array.of(10),
      billedMs: Float64Array.of(11),
      cpuMs: Float64Array.of(5),
      s3Ms: Float64Array.of(1),
      dynamodbMs: Float64Array.of(2),
      handlerMs: Float64Array.of(4),
    });
  });

  it('keeps only measured, successful, warmed-up requests with a record as warm, and counts all', () => {
    const samples = [
      sample('cold', { phase: 'warm-up', invocation: 1 }),
      sample('warm-up', { phase: 'warm-up', invocation: 3 }),
      sample('too-early', { invocation: 2 }),
      sample('failed', { status: 502 }),
      sample('no-record'),
      sample('', { status: 0, environmentId: '', invocation: 0 }),
      sample('good', { clientMs: 99 }),
    ];
    const records = ['cold', 'warm-up', 'too-early', 'failed', 'good'].map((id) => record(id));
    const { slot, answered, matched } = joinOne(samples, records);
    expect([...slot.warm.clientMs]).toEqual([99]);
    expect(slot).toMatchObject({ requests: 7, errors: 2, unmatched: 1 });
    expect([answered, matched]).toEqual([6, 5]);
  });

  it('counts a record that comes twice once, and the first one holds', () => {
    const { slot, duplicates, foreign } = joinOne(
      [sample('r1')],
      [record('r1'), record('r1', { durationMs: 77 })],
    );
    expect([duplicates, foreign, slot.warm.durationMs[0]]).toEqual([1, 0, 10]);
  });

  it('counts records of nobody as foreign', () => {
    expect(joinOne([sample('r1')], [record('r1'), record('x'), record('y'), record('y')]).foreign).toBe(2);
  });

  it('keeps a slot that got no request, with what was dropped in it', () => {
    const slots = [slot(0, 'a'), slot(0, 'b'), slot(1, 'a')];
    const joined = join(
      runOf([sample('r1')], { slots, dropped: new Map([['1/a', 7]]) }),
      [record('r1')],
      PROFILE,
    );
    expect(joined.slots.map((each) => [each.block, each.variant, each.requests, each.dropped])).toEqual([
      [0, 'a', 1, 0],
      [0, 'b', 0, 0],
      [1, 'a', 0, 7],
    ]);
    expect(joined.slots[2]).toMatchObject({ startMs: START + 1000, environments: [] });
    expect(joined.slots[2]!.warm.clientMs).toHaveLength(0);
  });

  it('describes each environment by its first record and its highest memory', () => {
    const samples = [
      sample('c', { phase: 'warm-up', invocation: 1 }),
      sample('d', { phase: 'warm-up', invocation: 1, environmentId: 'e2' }),
      sample('w'),
      sample('lost', { environmentId: 'e3' }),
    ];
    const records = [
      record('c', { initDurationMs: 300, durationMs: 80, billedDurationMs: 380, maxMemoryUsedMb: 50 }),
      record('w', { maxMemoryUsedMb: 55 }),
      record('d', { environmentId: 'log-2' }),
    ];
    const none = { initMs: null, firstCallMs: null, firstBilledMs: null };
    expect(joinOne(samples, records).slot.environments).toEqual([
      { id: 'e1', initMs: 300, firstCallMs: 80, firstBilledMs: 380, maxMemoryMb: 55, invocations: 2 },
      { id: 'e2', ...none, maxMemoryMb: 40, invocations: 1 },
      { id: 'e3', ...none, maxMemoryMb: null, invocations: 1 },
    ]);
  });

  it('uses the platform’s environment and counts its records when the function tells neither', () => {
    const silent = { environmentId: '', invocation: 0, s3Ms: null };
    const samples = ['1', '2', '3'].map((id) => sample(id, silent));
    const { slot, coldMeasured } = joinOne(
      samples,
      ['1', '2', '3'].map((id) => record(id)),
    );
    expect(slot.environments.map(({ id, invocations }) => [id, invocations])).toEqual([['log-1', 3]]);
    expect(slot.warm.clientMs).toHaveLength(1);
    expect(coldMeasured).toBe(1);
  });

  it('leaves an array of parts empty when one request lacks its part', () => {
    const { slot } = joinOne(
      [sample('1'), sample('2', { s3Ms: null })],
      [record('1'), record('2', { cpuMs: null })],
    );
    expect(
      [slot.warm.clientMs, slot.warm.s3Ms, slot.warm.cpuMs, slot.warm.handlerMs].map((a) => a.length),
    ).toEqual([2, 0, 0, 2]);
  });
});

import { expect, it } from 'vitest';
import type { Signer } from '../cloud/cloud.ts';
import { profileNamed } from '../config/profiles.ts';
import { GET_ROOT } from './request.ts';
import { k6Options, readScenarioName } from './scenarios.ts';
import { schedule, USUAL_TIMING } from './schedule.ts';

const ENDPOINTS = new Map([
  ['a', 'http://127.0.0.1:1/'],
  ['b', 'http://127.0.0.1:2/'],
]);

function optionsFor(name: 'smoke' | 'soak', signer?: Signer) {
  const profile = profileNamed(name, 2);
  const slots = schedule(profile, ['a', 'b'], 50, 1);
  const shape = {
    profile,
    deployment: { endpoints: ENDPOINTS, ...(signer && { signer }) },
    request: GET_ROOT,
    timing: USUAL_TIMING,
    virtualUsers: 50,
    timeoutSeconds: 10,
  };
  const options = k6Options(slots, shape);
  return { slots, options, scenarios: options.scenarios! };
}

it('opens a slot with a closed-loop burst and measures with an open model', () => {
  const { slots, scenarios } = optionsFor('smoke');
  expect(Object.keys(scenarios)).toHaveLength(slots.length * 2);
  const env = { URL: 'http://127.0.0.1:2/', METHOD: 'GET', HEADERS: '{}', BODY: '', TIMEOUT: '10s' };
  const slot = slots.find((each) => each.variant === 'b' && each.block === 1)!;
  expect(scenarios['1_warm-up_b']).toEqual({
    ...{ executor: 'per-vu-iterations', vus: 4, iterations: 11, env },
    ...{ startTime: `${slot.startMs + 300}ms`, maxDuration: '1000ms', gracefulStop: '11s' },
  });
  expect(scenarios['1_measured_b']).toMatchObject({
    ...{ executor: 'ramping-arrival-rate', startRate: 50, timeUnit: '1s', preAllocatedVUs: 50, maxVUs: 50 },
    ...{ env, gracefulStop: '11s' },
  });
});

it('keeps few connections open in a run that lasts, where k6 would keep one of every virtual user to every function', () => {
  expect(optionsFor('soak').options).toMatchObject({ batch: 1, batchPerHost: 1 });
  const signed = optionsFor('soak', { headers: async () => ({}) });
  expect(signed.options).toMatchObject({ batch: 2, batchPerHost: 1 });
  expect(optionsFor('smoke').options).not.toHaveProperty('batch');
});

it('sends in a variant’s turns only: there and back again, with the rate at zero while another has its turn', () => {
  const { slots, scenarios } = optionsFor('smoke'); // Two turns of 600 ms for each of two variants; half an arrival is 10 ms.
  const [first, second] = slots.slice(0, 2).map(({ variant }) => scenarios[`0_measured_${variant}`]);
  const on = (duration: string) => [
    { target: 50, duration: '0ms' },
    { target: 50, duration },
  ];
  const off = (duration: string) => [
    { target: 0, duration: '0ms' },
    { target: 0, duration },
  ];
  expect(first).toMatchObject({
    startTime: '2590ms',
    stages: [...on('610ms'), ...off('1200ms'), ...on('600ms'), ...off('100ms')],
  });
  expect(second).toMatchObject({
    startTime: '2590ms',
    stages: [...off('600ms'), ...on('1210ms'), ...off('100ms')],
  });
});

it('gives k6 times that it can read, whatever the length of slots and the number of variants', () => {
  for (const count of [1, 2, 3, 5, 8, 19]) {
    const names = Array.from({ length: count }, (_, nth) => `v${nth}`);
    const endpoints = new Map(names.map((name) => [name, 'http://127.0.0.1:1/']));
    for (const slotSeconds of [2, 2.1, 3.1, 3.8, 4.4, 5, 17, 60 / 7, 600]) {
      const profile = { ...profileNamed('pr', count), blocks: 2, slotSeconds };
      const shape = {
        ...{ profile, deployment: { endpoints }, request: GET_ROOT, timing: USUAL_TIMING },
        ...{ virtualUsers: 5, timeoutSeconds: 10 },
      };
      const text = JSON.stringify(k6Options(schedule(profile, names, 7, 1), shape));
      const times = [...text.matchAll(/"(?:duration|startTime|maxDuration)":"([^"]*)"/g)].map(
        ([, time]) => time!,
      );
      expect(times.filter((time) => !/^\d+(\.\d+)?ms$/.test(time))).toEqual([]);
      expect(times.length).toBeGreaterThan(4 * count);
    }
  }
});

it('opens only the first block when environments are kept', () => {
  const openings = Object.keys(optionsFor('soak').scenarios).filter((name) => name.includes('warm-up'));
  expect(openings.sort()).toEqual(['0_warm-up_a', '0_warm-up_b']);
});

it('names scenarios so that block, phase and variant can be read again', () => {
  expect(readScenarioName('7_warm-up_py-3')).toEqual({ block: 7, phase: 'warm-up', variant: 'py-3' });
});

it('sends every variant the same request, with what the config says of it', () => {
  const profile = profileNamed('smoke', 1);
  const request = { method: 'POST', path: '/orders?n=1', headers: { a: 'b' }, body: 'hello' } as const;
  const shape = {
    profile,
    deployment: { endpoints: ENDPOINTS },
    request,
    timing: USUAL_TIMING,
    virtualUsers: 5,
    timeoutSeconds: 10,
  };
  const scenarios = Object.values(k6Options(schedule(profile, ['a', 'b'], 50, 1), shape).scenarios!);
  expect(new Set(scenarios.map(({ env }) => env!.URL))).toEqual(
    new Set(['http://127.0.0.1:1/orders?n=1', 'http://127.0.0.1:2/orders?n=1']),
  );
  for (const { env } of scenarios)
    expect(env).toMatchObject({ METHOD: 'POST', HEADERS: '{"a":"b"}', BODY: 'hello' });
});

import { expect, it } from 'vitest';
import { collect, recordsOf } from '../../collect/collect.ts';
import { profileNamed } from '../../config/profiles.ts';
import type { LoadRun, Sample } from '../../model.ts';
import { silent } from '../../progress.ts';
import type { InvocationWindow } from '../cloud.ts';
import { awsClients } from './clients.ts';
import { json, STATIC, standIn } from './fixture.ts';
import { readInvocations } from './invocations.ts';

const REQUESTS = 100;
const RECORDS = 92;

function sample(nth: number): Sample {
  const [requestId, endMs] = [`r${nth}`, nth * 10];
  return {
    ...{ block: 0, variant: 'a', phase: 'measured', endMs, clientMs: 12, status: 200, requestId },
    ...{ environmentId: 'e', invocation: nth + 2, s3Ms: null, dynamodbMs: null, handlerMs: null },
  };
}

function record(nth: number) {
  const metrics = { durationMs: 10, billedDurationMs: 10, memorySizeMB: 128, maxMemoryUsedMB: 50 };
  const message = JSON.stringify({ type: 'platform.report', record: { requestId: `r${nth}`, metrics } });
  return { message, timestamp: nth * 10, logStreamName: 'stream' };
}

const numbers = (count: number) => Array.from({ length: count }, (_, nth) => nth);

/** CloudWatch by hand: all there is on one page (API reference, FilterLogEvents). */
it('leaves a run of which 8 % of the records never come with a warning that says so', async () => {
  await using server = await standIn(() => json({ events: numbers(RECORDS).map(record) }));
  const { logs } = awsClients({ region: 'us-east-1', credentials: STATIC, endpoint: server.url });
  const samples = numbers(REQUESTS).map(sample);
  const requestIds = new Set(samples.map(({ requestId }) => requestId));
  const read = (window: InvocationWindow) =>
    readInvocations(
      [{ variant: 'a', logGroup: '/duel/a' }],
      { ...window, requestIds },
      {
        ...{ logs, progress: silent, warn: () => {}, patienceMs: 50, firstWaitMs: 1 },
      },
    );
  const times = { startMs: 0, measureMs: 0, endMs: 1000, measuredMs: 1000 };
  const run: LoadRun = {
    slots: [{ block: 0, variant: 'a', position: 0, ...times, rate: 100 }],
    ...{ samples, dropped: new Map(), startMs: 0, endMs: 1000, unreadableLines: 0, warnings: [] },
    ...{
      rateChoice: { rate: 100, by: 'config', pilotMs: {}, reason: '' },
      cpuBusy: null,
      stoppedAtLook: null,
    },
  };
  const profile = { ...profileNamed('smoke', 1), environments: 1, warmupInvocations: 0 };
  const collected = collect(run, await recordsOf(run, { invocations: read }, () => []), profile);
  expect(collected.coverage).toBe(0.92);
  expect(collected.warnings.find(({ code }) => code === 'coverage')?.message).toBe(
    'Of 100 answered requests 92 have a platform record (92.00 %); the others are in no Duration.',
  );
});

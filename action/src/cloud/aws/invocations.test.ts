import { beforeEach, describe, expect, it } from 'vitest';
import { CollectError } from '../../errors.ts';
import type { Warning } from '../../model.ts';
import type { InvocationWindow } from '../cloud.ts';
import { awsClients } from './clients.ts';
import { json, jsonError, type Seen, STATIC, type StandIn, standIn } from './fixture.ts';
import { type LogMeans, readInvocations } from './invocations.ts';

interface LogEvent {
  readonly message: string;
  readonly timestamp: number;
  readonly logStreamName: string;
  readonly eventId?: string;
}

function report(requestId: string, timestamp: number, durationMs = 12.5): LogEvent {
  const metrics = { durationMs, billedDurationMs: 13, memorySizeMB: 1769, maxMemoryUsedMB: 50 };
  const time = new Date(timestamp).toISOString();
  const record = { requestId, metrics, status: 'success' };
  return {
    message: JSON.stringify({ time, type: 'platform.report', record }),
    timestamp,
    logStreamName: 'stream',
  };
}

function noise(timestamp: number): LogEvent {
  return { message: '{"type":"platform.start","record":{}}', timestamp, logStreamName: 'stream' };
}

const PAGE = 3;

/**
 * CloudWatch Logs by hand, from its API reference (FilterLogEvents): a page may be empty and still have a next one.
 * `pass` counts how often the start of the window was asked for.
 *
 * @param withEnd times are included at both ends, as the reference says, and an observer denies (aws/aws-cli#4262)
 */
function logsByHand(groups: (pass: number) => Readonly<Record<string, readonly LogEvent[]>>, withEnd = true) {
  const state = { pass: 0 };
  const answer = ({ body }: Seen) => {
    const { logGroupName, startTime, endTime, nextToken } = JSON.parse(body);
    if (nextToken === undefined && startTime === 0) state.pass++;
    const all = groups(state.pass)[logGroupName];
    if (all === undefined)
      return jsonError(400, 'ResourceNotFoundException', 'The specified log group does not exist.');
    const isBefore = (timestamp: number) => (withEnd ? timestamp <= endTime : timestamp < endTime);
    const events = all.filter(({ timestamp }) => timestamp >= startTime && isBefore(timestamp));
    const page = nextToken === undefined ? -1 : Number(nextToken); // the first page is empty
    const next = (page + 1) * PAGE < events.length ? { nextToken: String(page + 1) } : {};
    return json({ events: page < 0 ? [] : events.slice(page * PAGE, (page + 1) * PAGE), ...next });
  };
  return { state, answer };
}

const SOURCES = [{ variant: 'a', logGroup: '/duel/a' }];
let warnings: Warning[] = [];
let lines: string[] = [];

beforeEach(() => {
  warnings = [];
  lines = [];
});

function read(server: StandIn, window: InvocationWindow, fields: Partial<LogMeans> = {}, sources = SOURCES) {
  const { logs } = awsClients({ region: 'us-east-1', credentials: STATIC, endpoint: server.url });
  return readInvocations(sources, window, {
    ...{ logs, warn: (warning) => warnings.push(warning), patienceMs: 60_000, firstWaitMs: 1 },
    progress: { line: (_, message) => lines.push(message) },
    ...fields,
  });
}

const ids = (count: number, first = 0) => Array.from({ length: count }, (_, index) => `r${first + index}`);

describe('readInvocations', () => {
  it('reads every page of every piece of the window, once, in order of time, and nothing outside it', async () => {
    const hour = 3_600_000;
    const times = ids(50).map((id, index) => ({ id, at: Math.round((index * hour) / 49) }));
    const inside = times.flatMap(({ id, at }) => [noise(at), report(id, at)]);
    const outside = [report('early', -1), report('late', hour + 1)];
    const { answer } = logsByHand(() => ({ '/duel/a': [...inside, ...outside].reverse() }));
    await using server = await standIn(answer);
    const invocations = await read(server, { fromMs: 0, toMs: hour, requestIds: new Set(ids(50)) });
    expect(invocations.map(({ requestId }) => requestId)).toEqual(ids(50));
    expect(invocations[49]).toMatchObject({
      variant: 'a',
      environmentId: 'stream',
      timeMs: hour,
      durationMs: 12.5,
    });
    expect(lines).toEqual(['platform records of 50 of 50 requests (100 %)']);
  });

  it.each([true, false])('leaves no hole between pieces, whether the end counts in: %s', async (withEnd) => {
    const reports = [report('r0', 299_999), report('r1', 300_000), report('r2', 300_001)];
    await using server = await standIn(logsByHand(() => ({ '/duel/a': reports }), withEnd).answer);
    const invocations = await read(server, { fromMs: 0, toMs: 400_000, requestIds: new Set(ids(3)) });
    expect(invocations.map(({ requestId }) => requestId)).toEqual(ids(3));
  });

  it('puts functions that alternate under their one variant', async () => {
    const groups = {
      '/duel/a': [report('r0', 1)],
      '/duel/a2': [report('r1', 2)],
      '/duel/b': [report('r2', 3)],
    };
    await using server = await standIn(logsByHand(() => groups).answer);
    const sources = [
      ...SOURCES,
      { variant: 'a', logGroup: '/duel/a2' },
      { variant: 'b', logGroup: '/duel/b' },
    ];
    const window = { fromMs: 0, toMs: 10, requestIds: new Set(ids(3)) };
    const invocations = await read(server, window, {}, sources);
    expect(invocations.map(({ variant }) => variant)).toEqual(['a', 'a', 'b']);
  });

  it('waits for late records', async () => {
    const all = ids(10).map((id, index) => report(id, index));
    const { state, answer } = logsByHand((pass) => ({ '/duel/a': all.slice(0, pass * 4) }));
    await using server = await standIn(answer);
    const invocations = await read(server, { fromMs: 0, toMs: 10, requestIds: new Set(ids(10)) });
    expect(invocations).toHaveLength(10);
    expect(state.pass).toBe(3);
    expect(lines).toEqual([
      'platform records of 4 of 10 requests (40 %); waiting 0.001 s for late ones',
      'platform records of 8 of 10 requests (80 %); waiting 0.002 s for late ones',
      'platform records of 10 of 10 requests (100 %)',
    ]);
  });

  it('waits for late records even if the first reading took longer than it would wait', async () => {
    const { state, answer } = logsByHand((pass) => ({ '/duel/a': pass < 2 ? [] : [report('r0', 1)] }));
    await using server = await standIn(async (request) => {
      if (state.pass === 0) await new Promise((resolve) => setTimeout(resolve, 400));
      return answer(request);
    });
    const window = { fromMs: 0, toMs: 10, requestIds: new Set(['r0']) };
    expect(await read(server, window, { patienceMs: 300 })).toHaveLength(1);
  });

  it('without ids reads until no more come', async () => {
    const { state, answer } = logsByHand((pass) => ({
      '/duel/a': ids(Math.min(pass, 3)).map((id) => report(id, 1)),
    }));
    await using server = await standIn(answer);
    expect(await read(server, { fromMs: 0, toMs: 10 })).toHaveLength(3);
    expect(state.pass).toBe(4);
  });

  it('hands on what there is when 8 % never come', async () => {
    const all = ids(92).map((id, index) => report(id, index));
    await using server = await standIn(logsByHand(() => ({ '/duel/a': all })).answer);
    const window = { fromMs: 0, toMs: 100, requestIds: new Set(ids(100)) };
    const invocations = await read(server, window, { patienceMs: 100 });
    expect(invocations).toHaveLength(92);
    expect(lines.at(-1)).toBe('platform records of 92 of 100 requests (92 %)');
  });

  it('counts a record once that CloudWatch delivered twice', async () => {
    const twice = [
      { ...report('r0', 1), eventId: '1' },
      { ...report('r0', 1), eventId: '2' },
    ];
    await using server = await standIn(logsByHand(() => ({ '/duel/a': twice })).answer);
    expect(await read(server, { fromMs: 0, toMs: 10, requestIds: new Set(['r0']) })).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it('believes none of two records of one request that contradict each other', async () => {
    const events = [report('r0', 1, 0.01), report('r0', 2, 30), report('r1', 3)];
    await using server = await standIn(logsByHand(() => ({ '/duel/a': events })).answer);
    const invocations = await read(server, { fromMs: 0, toMs: 10, requestIds: new Set(ids(2)) });
    expect(invocations.map(({ requestId }) => requestId)).toEqual(['r1']);
    expect(warnings).toMatchObject([{ code: 'contradictory-records', data: { requests: 1 } }]);
  });

  it('waits for a log group, and names it when it was never created', async () => {
    const late = logsByHand(
      (pass): Record<string, LogEvent[]> => (pass < 2 ? {} : { '/duel/a': [report('r0', 1)] }),
    );
    await using lateServer = await standIn(late.answer);
    expect(await read(lateServer, { fromMs: 0, toMs: 10, requestIds: new Set(['r0']) })).toHaveLength(1);
    await using never = await standIn(logsByHand(() => ({})).answer);
    const error = await read(never, { fromMs: 0, toMs: 10 }, { patienceMs: 5 }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(CollectError);
    expect(error.message).toBe('There is no log group /duel/a: Lambda has written no platform record there.');
  });

  it('tries again when CloudWatch throttles', async () => {
    const { answer } = logsByHand(() => ({ '/duel/a': [report('r0', 1)] }));
    await using server = await standIn((request, nth) =>
      nth < 3 ? jsonError(400, 'ThrottlingException', 'Rate exceeded') : answer(request),
    );
    expect(await read(server, { fromMs: 0, toMs: 10, requestIds: new Set(['r0']) })).toHaveLength(1);
  });

  it('names the statement to add when reading is denied', async () => {
    await using server = await standIn(() => jsonError(400, 'AccessDeniedException', 'no'));
    await expect(read(server, { fromMs: 0, toMs: 10 })).rejects.toMatchObject({
      remedy: expect.stringMatching(/"Action":"logs:FilterLogEvents","Resource":"arn:aws:logs:.*log-group:/),
    });
  });

  it('ends while it waits when its signal is given', async () => {
    await using server = await standIn(logsByHand(() => ({ '/duel/a': [] })).answer);
    const controller = new AbortController();
    const reading = read(
      server,
      { fromMs: 0, toMs: 10, requestIds: new Set(['r0']) },
      { signal: controller.signal, firstWaitMs: 60_000, patienceMs: 120_000 },
    );
    setTimeout(() => controller.abort(), 50);
    await expect(reading).rejects.toThrow('aborted');
  });
});

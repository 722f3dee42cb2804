import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReport, type ReportRecord, toInvocation } from './report-record.ts';

const ID = '79b5e81f-9cdd-4145-b1f6-7c50ef8a2a36';
/** Made by hand in the shape of the Telemetry API's event schema. */
const JSON_REPORT = `{"time":"2026-10-08T07:30:29.470Z","type":"platform.report","record":{"requestId":"${ID}","metrics":{"durationMs":1233.96,"billedDurationMs":1698,"memorySizeMB":256,"maxMemoryUsedMB":123,"initDurationMs":463.512},"status":"success"}}`;
const TEXT = `REPORT RequestId: ${ID}\tDuration: 127.10 ms\tBilled Duration: 154 ms\tMemory Size: 2048 MB\tMax Memory Used: 212 MB\t`;

describe('parseReport', () => {
  it('reads a platform.report', () => {
    expect(parseReport(JSON_REPORT)).toEqual({
      ...{ requestId: ID, status: 'success', errorType: null, durationMs: 1233.96, billedDurationMs: 1698 },
      ...{ memorySizeMb: 256, maxMemoryUsedMb: 123, initDurationMs: 463.512, restoreDurationMs: null },
      ...{ billedRestoreDurationMs: null, timeMs: Date.UTC(2026, 9, 8, 7, 30, 29, 470) },
    });
  });

  it('reads a REPORT line', () => {
    expect(parseReport(`${TEXT}\n`)).toEqual({
      ...{ requestId: ID, status: 'success', errorType: null, durationMs: 127.1, billedDurationMs: 154 },
      ...{ memorySizeMb: 2048, maxMemoryUsedMb: 212, initDurationMs: null, restoreDurationMs: null },
      ...{ billedRestoreDurationMs: null, timeMs: null },
    });
  });

  it.each([
    ['Init Duration: 317.42 ms\t', { initDurationMs: 317.42 }],
    [
      'Restore Duration: 325.93 ms\tBilled Restore Duration: 26 ms\t',
      { restoreDurationMs: 325.93, billedRestoreDurationMs: 26, billedDurationMs: 154, initDurationMs: null },
    ],
    [
      'Billed Restore Duration: 26 ms\tRestore Duration: 325.93 ms\t',
      { restoreDurationMs: 325.93, billedRestoreDurationMs: 26 },
    ],
    ['Status: timeout', { status: 'timeout', errorType: null }],
    ['Status: error\tError Type: Runtime.OutOfMemory', { status: 'error', errorType: 'Runtime.OutOfMemory' }],
    [
      '\nXRAY TraceId: 1-6ac7d556-032906e375c910cf42cb849e\tSegmentId: 90cbc97f4ee64a7f\tSampled: true\t',
      { status: 'success' },
    ],
  ])('reads the optional fields of a REPORT line: %j', (fields, expected) => {
    expect(parseReport(TEXT + fields)).toMatchObject({ durationMs: 127.1, ...expected });
    expect(parseReport((TEXT + fields).replaceAll('\t', ' '))).toMatchObject({
      durationMs: 127.1,
      ...expected,
    });
  });

  it.each([
    ['timeout', undefined, { status: 'timeout', errorType: null }],
    ['error', 'Runtime.ExitError', { status: 'error', errorType: 'Runtime.ExitError' }],
    ['failure', 'Function.Unhandled', { status: 'error', errorType: 'Function.Unhandled' }],
    ['something new', undefined, { status: 'error' }],
  ])('never takes status %s for success', (status, errorType, expected) => {
    const event = JSON.parse(JSON_REPORT);
    Object.assign(event.record, { status, errorType });
    expect(parseReport(JSON.stringify(event))).toMatchObject(expected);
  });

  it('reads the restore of a traced platform.report', () => {
    const event = JSON.parse(JSON_REPORT);
    delete event.record.metrics.initDurationMs;
    Object.assign(event.record.metrics, { restoreDurationMs: 325.93, billedRestoreDurationMs: 26 });
    event.record.tracing = { spanId: '1', type: 'X-Amzn-Trace-Id', value: 'Root=1-2-3;Parent=4;Sampled=1' };
    const expected = {
      initDurationMs: null,
      restoreDurationMs: 325.93,
      billedRestoreDurationMs: 26,
    };
    expect(parseReport(JSON.stringify(event))).toMatchObject(expected);
  });

  it.each([
    'INIT_REPORT Init Duration: 488.22 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ExitError',
    'RESTORE_REPORT Restore Duration: 789.64 ms',
    JSON_REPORT.replace('platform.report', 'platform.initReport'),
    JSON_REPORT.replace('platform.report', 'platform.restoreReport'),
    JSON_REPORT.replace('platform.report', 'platform.start'),
    JSON_REPORT.slice(0, -3),
    JSON_REPORT.replace('"durationMs":1233.96,', ''),
    JSON_REPORT.replace('1233.96', '-1'),
    JSON_REPORT.replace('1233.96', '1e21'),
    JSON_REPORT.replace('1233.96', '"1"'),
    JSON_REPORT.replace('463.512', '"soon"'),
    TEXT.replace('127.10', 'NaN'),
    `START RequestId: ${ID} Version: $LATEST`,
    `my log says ${TEXT}`,
    'null',
    '[]',
    '{}',
    '',
  ])('leaves alone what is no sound report: %s', (message) => {
    expect(parseReport(message)).toBeNull();
  });
});

it.each(['5', 'Nov 24 2026', '2026-11-24T10:00:00'])(
  "takes no time from '%s', which is none of Lambda's",
  (time) => {
    expect(parseReport(JSON_REPORT.replace('2026-10-08T07:30:29.470Z', time))?.timeMs).toBeNull();
  },
);

const amount = fc.double({ min: 0, max: 900_000, noNaN: true }).map((value) => Math.round(value * 100) / 100);
const whole = fc.integer({ min: 0, max: 900_000 });
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const record: fc.Arbitrary<ReportRecord> = fc
  .record({
    requestId: fc.uuid(),
    status: fc.constantFrom('success' as const, 'error' as const, 'timeout' as const),
    errorType: nullable(fc.stringMatching(/^[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+$/)),
    ...{ durationMs: amount, billedDurationMs: whole, memorySizeMb: whole, maxMemoryUsedMb: whole },
    ...{ initDurationMs: nullable(amount), restoreDurationMs: nullable(amount) },
    billedRestoreDurationMs: nullable(whole),
    timeMs: fc.constant(null),
  })
  .map((made) => (made.status === 'success' ? { ...made, errorType: null } : made));

function asText(made: ReportRecord): string {
  const part = (name: string, value: number | string | null, unit = '') =>
    value === null ? '' : `${name}: ${value}${unit}\t`;
  return [
    ...[part('REPORT RequestId', made.requestId), part('Duration', made.durationMs.toFixed(2), ' ms')],
    ...[part('Billed Duration', made.billedDurationMs, ' ms'), part('Memory Size', made.memorySizeMb, ' MB')],
    part('Max Memory Used', made.maxMemoryUsedMb, ' MB'),
    part('Init Duration', made.initDurationMs?.toFixed(2) ?? null, ' ms'),
    part('Restore Duration', made.restoreDurationMs?.toFixed(2) ?? null, ' ms'),
    part('Billed Restore Duration', made.billedRestoreDurationMs, ' ms'),
    part('Status', made.status === 'success' ? null : made.status),
    part('Error Type', made.errorType),
  ].join('');
}

function asJson(made: ReportRecord): string {
  const given = (fields: object) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  const { durationMs, billedDurationMs, memorySizeMb, maxMemoryUsedMb } = made;
  const { initDurationMs, restoreDurationMs, billedRestoreDurationMs } = made;
  const metrics = given({
    ...{ durationMs, billedDurationMs, memorySizeMB: memorySizeMb, maxMemoryUsedMB: maxMemoryUsedMb },
    ...{ initDurationMs, restoreDurationMs, billedRestoreDurationMs },
  });
  const { requestId, status, errorType } = made;
  return JSON.stringify({
    type: 'platform.report',
    record: given({ requestId, status, errorType, metrics }),
  });
}

describe('parseReport on any input', () => {
  it('gets back every record from its text and from its JSON', () => {
    fc.assert(
      fc.property(record, (made) => {
        expect(parseReport(asText(made))).toEqual(made);
        expect(parseReport(asJson(made))).toEqual(made);
      }),
      { endOnFailure: true },
    );
  });

  it('throws at nothing, and gives sound numbers or none', () => {
    const junk = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((value) => JSON_REPORT.replace('1233.96', value)),
      fc
        .tuple(fc.nat(400), fc.string())
        .map(([at, text]) => JSON_REPORT.slice(0, at) + text + JSON_REPORT.slice(at)),
      fc.tuple(fc.nat(150), fc.string()).map(([at, text]) => TEXT.slice(0, at) + text + TEXT.slice(at)),
    );
    fc.assert(
      fc.property(junk, (message) => {
        const made = parseReport(message);
        if (made === null) return;
        for (const value of Object.values(made).filter((value) => typeof value === 'number'))
          expect(value).toBeGreaterThanOrEqual(0);
        expect(made.requestId).not.toBe('');
      }),
      { numRuns: 1000, endOnFailure: true },
    );
  });
});

describe('toInvocation', () => {
  const place = { variant: 'a', logStream: '2026/10/08/[$LATEST]0a1b', timestampMs: 5 };

  it('takes the log stream for the environment and the record’s own time where it has one', () => {
    expect(toInvocation(parseReport(JSON_REPORT)!, place)).toEqual({
      ...{ requestId: ID, variant: 'a', environmentId: place.logStream, status: 'success', errorType: null },
      ...{ durationMs: 1233.96, billedDurationMs: 1698, initDurationMs: 463.512, memorySizeMb: 256 },
      ...{ maxMemoryUsedMb: 123, cpuMs: null, timeMs: Date.UTC(2026, 9, 8, 7, 30, 29, 470) },
    });
    expect(toInvocation(parseReport(TEXT)!, place).timeMs).toBe(5);
  });

  const line =
    `REPORT RequestId: ${ID}\tDuration: 149.53 ms\tBilled Duration: 313 ms\tMemory Size: 3538 MB\t` +
    'Max Memory Used: 163 MB\tRestore Duration: 789.64 ms\tBilled Restore Duration: 163 ms\t\n';
  const metrics = {
    ...{ durationMs: 149.53, billedDurationMs: 313, memorySizeMB: 3538, maxMemoryUsedMB: 163 },
    ...{ restoreDurationMs: 789.64, billedRestoreDurationMs: 163 },
  };
  const event = { type: 'platform.report', record: { requestId: ID, status: 'success', metrics } };

  it.each([
    ['a REPORT line', line],
    ['a platform.report', JSON.stringify(event)],
  ])('takes the restore of %s for an init; Billed Duration has the billed part of it', (_, message) => {
    const { initDurationMs, durationMs, billedDurationMs } = toInvocation(parseReport(message)!, place);
    expect({ initDurationMs, durationMs }).toEqual({ initDurationMs: 789.64, durationMs: 149.53 });
    expect(billedDurationMs).toBe(Math.ceil(149.53 + 163));
  });
});

/** Lambda's own records, in a log that a function may write to as well; and tokens that are shown to a person. */
import fc from 'fast-check';
import { claimsOf, subjectForms } from '../../src/cloud/aws/oidc-refused.ts';
import { RecordBook } from '../../src/cloud/aws/record-book.ts';
import { parseReport, type ReportRecord, toInvocation } from '../../src/cloud/aws/report-record.ts';
import { damagedText } from '../damage.ts';
import { damagedJson } from '../damage-json.ts';
import { must, type Target, target } from '../target.ts';

const amount = () => fc.nat(1e8).map((hundredths) => hundredths / 100);
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2 });

const records = (): fc.Arbitrary<ReportRecord> =>
  fc
    .record({
      requestId: fc.uuid(),
      status: fc.constantFrom('success' as const, 'error' as const, 'timeout' as const),
      durationMs: amount(),
      billedDurationMs: fc.nat(900_000),
      memorySizeMb: fc.integer({ min: 128, max: 10_240 }),
      maxMemoryUsedMb: fc.nat(10_240),
      initDurationMs: seldom(amount()),
      restoreDurationMs: seldom(amount()),
      billedRestoreDurationMs: seldom(fc.nat(10_000)),
    })
    .map((record) => ({
      ...record,
      errorType: record.status === 'error' ? 'Runtime.ExitError' : null,
      timeMs: null,
    }));

/** As the Lambda developer guide shows it ("REPORT" line). */
function asText(record: ReportRecord): string {
  const { requestId, status, errorType } = record;
  const optional = (name: string, value: number | null, unit = ' ms') =>
    value === null ? [] : [`${name}: ${value}${unit}`];
  return [
    `REPORT RequestId: ${requestId}`,
    ...optional('Duration', record.durationMs),
    ...optional('Billed Duration', record.billedDurationMs),
    ...optional('Memory Size', record.memorySizeMb, ' MB'),
    ...optional('Max Memory Used', record.maxMemoryUsedMb, ' MB'),
    ...optional('Init Duration', record.initDurationMs),
    ...optional('Restore Duration', record.restoreDurationMs),
    ...optional('Billed Restore Duration', record.billedRestoreDurationMs),
    ...(status === 'success' ? [] : [`Status: ${status}`]),
    ...(errorType === null ? [] : [`Error Type: ${errorType}`]),
  ].join('\t');
}

/** `platform.report` of the Telemetry API event schema. */
function asEvent(record: ReportRecord) {
  const { requestId, status, errorType } = record;
  const given = (values: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  const metrics = given({
    durationMs: record.durationMs,
    billedDurationMs: record.billedDurationMs,
    memorySizeMB: record.memorySizeMb,
    maxMemoryUsedMB: record.maxMemoryUsedMb,
    initDurationMs: record.initDurationMs,
    restoreDurationMs: record.restoreDurationMs,
    billedRestoreDurationMs: record.billedRestoreDurationMs,
  });
  return {
    time: '2026-11-24T10:00:00.123Z',
    type: 'platform.report',
    record: given({ requestId, status, errorType, metrics }),
  };
}

function isSound(record: ReportRecord): void {
  const { durationMs, billedDurationMs, memorySizeMb, maxMemoryUsedMb, initDurationMs, timeMs } = record;
  for (const value of [durationMs, billedDurationMs, memorySizeMb, maxMemoryUsedMb, initDurationMs ?? 0])
    must(Number.isFinite(value) && value >= 0, 'amounts are finite');
  must(timeMs === null || Number.isFinite(timeMs), 'a time is one');
  must(['success', 'error', 'timeout'].includes(record.status), 'a status is known');
}

export function platformTargets(): Target[] {
  return [
    target('report-round-trip', 300, records(), (record) => {
      const [text, json] = [parseReport(asText(record)), parseReport(JSON.stringify(asEvent(record)))];
      must(same(text, record), 'a REPORT line says what it says');
      must(
        same(json, { ...record, timeMs: Date.parse('2026-11-24T10:00:00.123Z') }),
        'a platform.report too',
      );
    }),
    target('report', 500, messages(), (message) => {
      const record = parseReport(message);
      if (record === null) return;
      isSound(record);
      const book = new RecordBook();
      const place = { variant: 'a', logStream: 's', timestampMs: 1 };
      book.add(toInvocation(record, place));
      book.add(toInvocation({ ...record, durationMs: record.durationMs + 1 }, place));
      must(
        book.invocations().length === 0 && book.warnings().length === 1,
        'neither of two contradictory records is believed',
      );
    }),
    target('token', 300, tokens(), (token) => {
      const claims = claimsOf(token);
      if (claims !== null) must(subjectForms(claims).length > 0, 'a subject is shown');
    }),
  ];
}

const same = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (value: unknown) => Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

const messages = () =>
  fc.oneof(
    damagedText(records().map(asText)),
    damagedText(records().map((record) => JSON.stringify(asEvent(record)))),
    damagedJson(records().map(asEvent)).map((event) => JSON.stringify(event) ?? ''),
  );

const CLAIMS = {
  ...{
    sub: 'repo:octo/functions:ref:refs/heads/main',
    aud: 'sts.amazonaws.com',
    repository: 'octo/functions',
  },
  ...{ repository_id: '1', repository_owner: 'octo', repository_owner_id: '2' },
};
const tokens = () => {
  const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims) ?? '').toString('base64url')}.x`;
  return fc.oneof(damagedJson(fc.constant(CLAIMS)).map(jwt), damagedText(fc.constant(jwt(CLAIMS))));
};

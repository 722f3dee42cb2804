import { describe, expect, it } from 'vitest';
import { SampleReader } from './sample.ts';

function read(metadata: string, scenario = '12_measured_rust-2') {
  const row = {
    metric: 'client',
    timeUs: 1795516008147499,
    value: 5.63,
    scenario,
    metadata: Buffer.from(metadata),
    line: () => Buffer.alloc(0),
  };
  return new SampleReader().read(row);
}

describe('SampleReader', () => {
  it('reads every field of a complete row', () => {
    expect(read('request=200|r-1|e-1|3|s3;dur=1.25, ddb;dur=2.5, total;dur=4.75')).toEqual({
      ...{ block: 12, variant: 'rust-2', phase: 'measured', endMs: 1795516008147.499, clientMs: 5.63 },
      ...{ status: 200, requestId: 'r-1', environmentId: 'e-1', invocation: 3 },
      ...{ s3Ms: 1.25, dynamodbMs: 2.5, handlerMs: 4.75 },
    });
  });

  it('keeps a request without a response', () => {
    expect(read('request=0||||')).toMatchObject({
      ...{ status: 0, requestId: '', environmentId: '', invocation: 0 },
      ...{ s3Ms: null, dynamodbMs: null, handlerMs: null },
    });
  });

  it('keeps a response whose headers are rubbish', () => {
    const sample = read('request=200|a%7Cb%22|%F0%9F%98%80|NaN|;;,=|;dur=x');
    expect(sample).toMatchObject({ requestId: 'a|b"', environmentId: '😀', invocation: 0, s3Ms: null });
  });

  it.each([
    ['total;desc="all of it";dur=7', 7],
    ['cache, total;dur=7', 7],
    ['s3;dur=1,total;dur=7;desc=x', 7],
    ['total;dur=7ms', null],
    ['total', null],
    [`total;dur=${'9'.repeat(400)}`, null],
    ['subtotal;dur=7', null],
  ])('reads the handler’s time of "%s" as %s', (header, expected) => {
    expect(read(`request=200|r|e|1|${header}`)?.handlerMs).toBe(expected);
  });

  const NO_STATUS = ['', '2e2', '0xc8', '-200', ' 200', '99', '1000', '2.5'].map(
    (status) => `request=${status}|r|e|1|`,
  );
  it.each(['', 'request=', 'request=200|r|e', 'request=abc|r|e|1|', 'other=200|r|e|1|', ...NO_STATUS])(
    'is null for metadata "%s"',
    (metadata) => expect(read(metadata)).toBeNull(),
  );

  it.each(['', 'default', '1_measured', 'x_measured_a', '1_cold_a', '1_measured_a_b'])(
    'is null for scenario "%s"',
    (scenario) => expect(read('request=200|r|e|1|', scenario)).toBeNull(),
  );
});

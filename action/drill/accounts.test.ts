import { describe, expect, it } from 'vitest';
import { type Accounts, disagreements, equation, readSent } from './accounts.ts';

const ids = (count: number, from = 0) => Array.from({ length: count }, (_, nth) => `r${from + nth}`);

/** 10 requests of which 2 fail, 3 that were not sent, and 4 that a pilot made. */
const AGREED: Accounts = {
  sent: { requests: 10, dropped: 3 },
  told: { requests: 10, errors: 2, dropped: 3, lost: 0 },
  ...{ succeeded: ids(8), failed: 2, invoked: ids(12) },
};

describe('the accounts of a run', () => {
  it('agree when everybody says the same', () => {
    expect(disagreements(AGREED)).toEqual([]);
    expect(equation(AGREED)).toBe('13 = 8 ok + 2 errors + 3 not sent');
  });

  it.each<[string, Partial<Accounts>, string]>([
    ['a request that the result lost', { sent: { requests: 11, dropped: 3 } }, 'requests, k6'],
    ['an arrival that the result lost', { sent: { requests: 10, dropped: 4 } }, 'not sent, k6'],
    ['an error that is not told', { failed: 3, succeeded: ids(7) }, 'errors, samples'],
    ['a sample that is missing', { succeeded: ids(7) }, 'ok + errors'],
    ['a success that no function knows of', { succeeded: [...ids(7), 'invented'] }, 'ok by the samples'],
    ['an invocation that was doubled', { invoked: [...ids(12), 'r0'] }, 'invocations'],
    ['invocations that nobody asked for', { invoked: ids(200) }, '192 invocations'],
  ])('do not with %s', (_, change, words) => {
    expect(disagreements({ ...AGREED, ...change }).join('\n')).toContain(words);
  });
});

it("reads k6's own account of the blocks that a result has", () => {
  const csv = [
    'metric_name,timestamp,metric_value,scenario,extra_tags,metadata',
    'http_reqs,1,1.000000,0_warm-up_one,,vu=1&iter=0',
    'http_reqs,1,1.000000,0_measured_one,,vu=1&iter=0',
    'http_req_duration,1,5.000000,0_measured_one,,vu=1&iter=0',
    'signatures,1,1.000000,0_measured_one,,',
    'dropped_iterations,2,3.000000,0_measured_two,,',
    'http_reqs,3,1.000000,1_measured_one,,vu=1&iter=0',
    'vus,3,1.000000,,,',
  ].join('\n');
  expect(readSent(csv, 1)).toEqual({ requests: 1, dropped: 3 });
  expect(readSent(csv, 2)).toEqual({ requests: 2, dropped: 3 });
});

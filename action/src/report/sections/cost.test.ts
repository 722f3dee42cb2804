import { expect, it } from 'vitest';
import { pair, result, variant } from '../../../test/fixtures/result-builder.ts';
import { costSection } from './cost.ts';
import { networkSection } from './network.ts';

const SEEN = variant('a', 1);
const UNSEEN = {
  ...SEEN,
  attribution: null,
  cost: { ...SEEN.cost!, perMillion: { ...SEEN.cost!.perMillion, s3: 0, dynamodb: 0 } },
};

it('the bill says which calls every invocation pays for, and which were not seen', () => {
  expect(costSection(result([SEEN], [])).join()).toContain(
    'Every invocation pays for one PUT to S3 and one write to DynamoDB. Prices',
  );
  expect(costSection(result([UNSEEN], [])).join()).not.toMatch(/S3, USD|S3 0 USD/);
  expect(costSection(result([UNSEEN], [])).join()).toContain(
    "No call to S3 and DynamoDB is in it, because no slot's responses all timed one. Prices",
  );
});

it('functions that timed no call are not said to wait for S3 and DynamoDB', () => {
  const pairs = [pair('a', 'b', [], { ioFloor: [{ floorMs: 5, ratio: 1.2 }] })];
  expect(networkSection(result([SEEN], pairs)).join()).toContain('also waits for S3 and DynamoDB');
  const unseen = networkSection(result([UNSEEN], pairs)).join();
  expect(unseen).toContain('waits for the network to whatever it calls');
  expect(unseen).not.toContain('S3');
});

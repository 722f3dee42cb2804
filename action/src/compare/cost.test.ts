import { describe, expect, it } from 'vitest';
import { type BillTerms, billOf, costOf } from './cost.ts';

const TERMS: BillTerms = {
  ...{ memoryMb: 2048, architecture: 'x86_64', region: 'us-east-1' },
  ...{ coldShare: 0.01, coldBilledMs: 60, snapshots: false, calls: { s3: true, dynamodb: true } },
};

describe('the bill of a function that calls nothing', () => {
  it('has no call in it', () => {
    const calls = { s3: false, dynamodb: false };
    const [all, none] = [costOf(10, TERMS)!.perMillion, costOf(10, { ...TERMS, calls })!.perMillion];
    expect(none).toMatchObject({ s3: 0, dynamodb: 0, lambda: all.lambda });
    expect(all.total - none.total).toBeCloseTo(all.s3 + all.dynamodb, 10);
    expect(all.s3).toBeGreaterThan(0);
    expect(all.dynamodb).toBeGreaterThan(0);
  });
});

describe('the bill of a variant whose environments are restored', () => {
  const restored = { ...TERMS, snapshots: true };

  it('has the charge of every restore in its cold starts, and so in its sums', () => {
    const [usual, snapped] = [costOf(10, TERMS)!.perMillion, costOf(10, restored)!.perMillion];
    const charge = 10_000 * 2 * 0.0001397998;
    expect(snapped.init! - usual.init!).toBeCloseTo(charge, 10);
    expect(snapped.total - usual.total).toBeCloseTo(charge, 10);
    expect(billOf(restored)(10)! - billOf(TERMS)(10)!).toBeCloseTo(charge, 10);
  });

  it('tells what an hour of its snapshot costs apart from all sums', () => {
    expect(costOf(10, restored)!.snapshotPerHour).toBeCloseTo(2 * 3600 * 0.0000015046, 10);
    expect(costOf(10, TERMS)).not.toHaveProperty('snapshotPerHour');
  });

  it('leaves restores out with the rest of the cold starts when none was seen', () => {
    const unseen = { ...restored, coldBilledMs: null };
    expect(costOf(10, unseen)!.perMillion).toEqual(costOf(10, { ...TERMS, coldBilledMs: null })!.perMillion);
  });

  it('is not given where nobody told the price of a snapshot', () => {
    const elsewhere = { ...restored, region: 'eu-west-1' };
    expect(costOf(10, elsewhere)).toBeNull();
    expect(billOf(elsewhere)(10)).toBeNull();
    expect(costOf(10, { ...elsewhere, snapshots: false })).not.toBeNull();
  });
});

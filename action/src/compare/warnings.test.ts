import { describe, expect, it } from 'vitest';
import type { SlotSamples } from '../model.ts';
import { compare } from './compare.ts';
import { codesOf, comparisonOf, runOf } from './fixture.ts';

/** The head is slower by up to a tenth in waves of so many blocks, in the column given. */
function inWaves(column: 'billedMs' | 'durationMs', blocks: number) {
  return (slot: SlotSamples): SlotSamples => {
    const swell = slot.variant === 'head' ? 1.1 + 0.1 * Math.sin((slot.block * 2 * Math.PI) / blocks) : 1;
    return { ...slot, warm: { ...slot.warm, [column]: slot.warm[column].map((ms) => ms * swell) } };
  };
}

/** Two environments of each variant serve all blocks. */
function kept(slot: SlotSamples): SlotSamples {
  const [environment] = slot.environments;
  const both = ['a', 'b'].map((id) => ({ ...environment!, id: `${slot.variant}-${id}` }));
  const served = slot.warm.environment.map((_, i) => i % 2);
  return { ...slot, environments: both, warm: { ...slot.warm, environment: served } };
}

describe('the warning of neighbouring blocks that resemble each other', () => {
  const messageOf = (column: 'billedMs' | 'durationMs', blocks: number) =>
    compare(runOf({ blocks: 40, headScale: 1, mend: inWaves(column, blocks) })).warnings.find(
      ({ code }) => code === 'autocorrelated-blocks',
    )?.message;

  it('is of every metric that decides, and names them', () => {
    expect(messageOf('billedMs', 20)).toMatch(/0\.\d\d of billed\.mean, over 40 blocks/);
    expect(messageOf('durationMs', 20)).toMatch(/of duration\.p50 and 0\.\d\d of duration\.p95/);
  });

  it('is not of blocks that differ from their neighbours', () => {
    expect(messageOf('billedMs', 2.4)).toBeUndefined();
  });
});

it('neighbouring blocks that resemble each other widen the intervals of kept environments', () => {
  const waves = inWaves('durationMs', 20);
  const [independent, allowed] = [{ mend: waves }, { mend: (slot: SlotSamples) => kept(waves(slot)) }].map(
    (shape) => {
      const { warnings, pairs } = compare(runOf({ blocks: 40, headScale: 1, ...shape }));
      const message = warnings.find(({ code }) => code === 'autocorrelated-blocks')?.message;
      return { message, p50: pairs[0]!.comparisons.find(({ metric }) => metric === 'duration.p50')! };
    },
  );
  expect(independent!.message).toMatch(/and these intervals are too narrow\.$/);
  expect(independent!.p50).not.toHaveProperty('inflation');
  expect(allowed!.message).toMatch(/each block remembered only the one before\.$/);
  expect(allowed!.p50.inflation).toBeGreaterThan(5);
  const widthOf = ({ lo, hi }: { lo: number | null; hi: number | null }) => hi! - lo!;
  // Two environments of an arm alone make it less than three times as wide.
  expect(widthOf(allowed!.p50) / widthOf(independent!.p50)).toBeGreaterThan(4);
});

it('blocks that were merged for a p99 are told of where environments are kept, too', () => {
  const input = runOf({ blocks: 17, headScale: 2, requests: 250, mend: kept });
  expect(comparisonOf(input, 'duration.p99')).toMatchObject({ method: 'reused-environments', n: 8 });
  expect(codesOf(input)).toContain('p99-merged');
  expect(codesOf(runOf({ blocks: 17, headScale: 2, requests: 500, mend: kept }))).not.toContain('p99-merged');
});

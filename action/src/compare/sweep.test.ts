import { describe, expect, it } from 'vitest';
import type { SlotSamples, Variant } from '../model.ts';
import { type CompareInput, compare } from './compare.ts';
import { runOf, variantNamed } from './fixture.ts';

const BLOCKS = 12;

interface Cell {
  readonly memoryMb: number;
  /** How many times the usual Duration, block by block. */
  readonly scale: (block: number) => number;
}

/** A run of one variant's cells. */
function swept(cells: Readonly<Record<string, Cell>>, variant = 'fn'): CompareInput {
  const variants: Variant[] = Object.entries(cells).map(([name, { memoryMb }]) => ({
    ...{ ...variantNamed(name), memoryMb, cellOf: variant },
  }));
  const slots = Object.entries(cells).flatMap(([name, { scale }]) =>
    Array.from({ length: BLOCKS }, (_, block) => slotOf(name, block, scale(block))),
  );
  const names = Object.keys(cells);
  return {
    ...runOf({ blocks: BLOCKS, headScale: 1 }),
    config: { variants, pairs: [{ base: names[0]!, head: names[1]! }], region: 'us-east-1', coldShare: 0 },
    artifacts: [],
    collected: { slots },
  };
}

function slotOf(variant: string, block: number, headScale: number): SlotSamples {
  const { slots } = runOf({ blocks: BLOCKS, headScale }).collected;
  const slot = slots.find((each) => each.block === block && each.variant === 'head')!;
  return {
    ...slot,
    variant,
    environments: slot.environments.map((each) => ({ ...each, id: `${variant}-${block}` })),
  };
}

const always = (scale: number) => () => scale;

describe('a sweep', () => {
  it('is found where a variant has cells, and nowhere else', () => {
    expect(compare(runOf({ blocks: 8, headScale: 2 })).sweeps).toEqual([]);
    expect(
      compare(swept({ a: { memoryMb: 512, scale: always(1) }, b: { memoryMb: 1024, scale: always(1) } }))
        .sweeps,
    ).toHaveLength(1);
  });

  it('calls a cell the fastest or the cheapest when verdicts say so', () => {
    const [sweep] = compare(
      swept({
        // Half the memory takes 1.5 times as long: cheaper. Twice the memory gains nothing: dearer.
        small: { memoryMb: 512, scale: always(30) },
        middle: { memoryMb: 1024, scale: always(20) },
        large: { memoryMb: 2048, scale: always(20) },
      }),
    ).sweeps;
    expect(sweep!.fastest).toMatchObject({ beaten: ['small'], undecided: [] });
    expect([sweep!.fastest!.cell, ...sweep!.fastest!.level].sort()).toEqual(['large', 'middle']);
    expect(sweep!.cheapest).toEqual({ cell: 'small', level: [], beaten: ['middle', 'large'], undecided: [] });
    expect(sweep!.cells.map(({ name, beatenBy }) => [name, beatenBy])).toEqual([
      ['small', null],
      ['middle', null],
      ['large', 'middle'],
    ]);
  });

  it('does not choose between cells whose intervals overlap', () => {
    const noisy = (block: number) => 2 + 0.6 * Math.sin(block * 2.1);
    const cells = { one: { memoryMb: 1024, scale: always(2) }, two: { memoryMb: 2048, scale: noisy } };
    const [sweep] = compare(swept(cells)).sweeps;
    expect(sweep!.fastest!.undecided).toHaveLength(1);
    expect(sweep!.fastest!.beaten).toEqual([]);
  });

  it('knows nothing of a cell that was never measured', () => {
    const input = swept({ a: { memoryMb: 512, scale: always(1) }, b: { memoryMb: 1024, scale: always(1) } });
    const without = {
      ...input,
      collected: { slots: input.collected.slots.filter(({ variant }) => variant === 'a') },
    };
    const [sweep] = compare(without).sweeps;
    expect(sweep!.cells[1]).toMatchObject({ durationMs: null, billUsd: null, beatenBy: null });
    expect(sweep!.fastest).toEqual({ cell: 'a', level: [], beaten: [], undecided: ['b'] });
  });
});

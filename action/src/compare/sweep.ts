import type { Pair, Variant } from '../model.ts';
import type { Comparison, PairResult, Standing, Sweep } from '../result.ts';
import type { Arm } from './arm.ts';
import type { Judging } from './comparison.ts';
import { comparePairs } from './pairs.ts';
import { median } from './quantile.ts';

export interface SweepInput {
  readonly variants: readonly Variant[];
  readonly arms: ReadonlyMap<string, Arm>;
  readonly judging: Judging;
}

/** What a choice of memory and architecture is about: how fast, and how dear. */
const AIMS = ['duration.p50', 'cost.total'] as const;
type Aim = (typeof AIMS)[number];

/**
 * The cells of each swept variant against each other: a cell is called faster or cheaper only with a verdict. Cells ran in
 * the same blocks, so they are compared as pairs are; Holm over all cells of all variants, for each aim.
 */
export function sweepsOf({ variants, arms, judging }: SweepInput): Sweep[] {
  const families = cellFamilies(variants);
  const pairs = families.flatMap(everyPair);
  const results = comparePairs({
    ...{ pairs, arms, judging, metrics: AIMS },
    ...{ isControl: () => false, withIoFloor: false },
  });
  return families.map((cells) => sweepOf(cells, arms, verdictsOf(results)));
}

function cellFamilies(variants: readonly Variant[]): Variant[][] {
  const names = new Set(variants.flatMap(({ cellOf }) => cellOf ?? []));
  const families = [...names].map((name) => variants.filter(({ cellOf }) => cellOf === name));
  return families.filter((cells) => cells.length > 1);
}

function everyPair(cells: readonly Variant[]): Pair[] {
  return cells.flatMap((base, index) =>
    cells.slice(index + 1).map((head) => ({ base: base.name, head: head.name })),
  );
}

/** How a cell stands to another in one aim, as decided. */
type Relation = 'better' | 'worse' | 'level' | 'undecided';
type Relations = (cell: string, other: string, aim: Aim) => Relation;

function verdictsOf(results: readonly PairResult[]): Relations {
  const ofPair = new Map(results.map((pair) => [`${pair.base} ${pair.head}`, pair]));
  const relation = (base: string, head: string, aim: Aim) =>
    relationOf(ofPair.get(`${base} ${head}`)?.comparisons.find(({ metric }) => metric === aim));
  return (cell, other, aim) => {
    if (ofPair.has(`${other} ${cell}`)) return relation(other, cell, aim);
    return reversed(relation(cell, other, aim));
  };
}

/** Of the head. */
function relationOf(comparison: Comparison | undefined): Relation {
  if (comparison?.verdict === 'better' || comparison?.verdict === 'worse') return comparison.verdict;
  return comparison?.verdict === 'no practical difference' ? 'level' : 'undecided';
}

function reversed(relation: Relation): Relation {
  if (relation === 'better') return 'worse';
  return relation === 'worse' ? 'better' : relation;
}

function sweepOf(cells: readonly Variant[], arms: ReadonlyMap<string, Arm>, relations: Relations): Sweep {
  const values = (aim: Aim) => new Map(cells.map(({ name }) => [name, medianOf(arms.get(name), aim)]));
  const [durations, bills] = [values('duration.p50'), values('cost.total')];
  const names = cells.map(({ name }) => name);
  return {
    variant: cells[0]!.cellOf!,
    cells: cells.map(({ name, memoryMb, architecture }) => ({
      ...{ name, memoryMb, architecture },
      durationMs: durations.get(name) ?? null,
      billUsd: bills.get(name) ?? null,
      beatenBy: names.find((other) => other !== name && dominates(other, name, relations)) ?? null,
    })),
    fastest: standing(durations, (cell, other) => relations(cell, other, 'duration.p50')),
    cheapest: standing(bills, (cell, other) => relations(cell, other, 'cost.total')),
  };
}

/** Median over slots, as pairs show it. */
function medianOf(arm: Arm | undefined, aim: Aim): number | null {
  const seen = [...(arm?.statistics.values() ?? [])].flatMap((statistics) => statistics[aim] ?? []);
  return seen.length === 0 ? null : median(seen);
}

/** Better in one aim and better or level in the other, by verdicts. */
function dominates(cell: string, other: string, relations: Relations): boolean {
  const ofAims = AIMS.map((aim) => relations(cell, other, aim));
  return (
    ofAims.includes('better') && ofAims.every((relation) => relation === 'better' || relation === 'level')
  );
}

function standing(
  values: ReadonlyMap<string, number | null>,
  relation: (cell: string, other: string) => Relation,
): Standing | null {
  const measured = [...values].flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
  const best = measured.sort((a, b) => a.value - b.value)[0]?.name;
  if (best === undefined) return null;
  const others = [...values.keys()].filter((name) => name !== best);
  const related = (wanted: readonly Relation[]) =>
    others.filter((name) => wanted.includes(relation(best, name)));
  return {
    cell: best,
    level: related(['level']),
    beaten: related(['better']),
    undecided: related(['undecided', 'worse']),
  };
}

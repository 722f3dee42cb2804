import { ConfigError } from '../errors.ts';
import type { Architecture, Pair, Variant } from '../model.ts';

/** The dimensions of a sweep; one that is absent stays as each variant has it. */
export interface Matrix {
  readonly memory?: readonly number[] | undefined;
  readonly architecture?: readonly Architecture[] | undefined;
}

/**
 * A variant's cells, named e.g. `python-512` or `python-512-arm64`; the variant itself where there is no matrix.
 *
 * @throws ConfigError when a name would be too long for a function's
 */
export function cellsOf(variant: Variant, matrix: Matrix): Variant[] {
  if (matrix.memory === undefined && matrix.architecture === undefined) return [variant];
  return unique(matrix.memory ?? [variant.memoryMb]).flatMap((memoryMb) =>
    unique(matrix.architecture ?? [variant.architecture]).map((architecture) => {
      const name = [variant.name, ...suffix({ memoryMb, architecture }, matrix)].join('-');
      return {
        ...variant,
        name: withinLimit(name, variant.name),
        cellOf: variant.name,
        memoryMb,
        architecture,
      };
    }),
  );
}

type Cell = Pick<Variant, 'memoryMb' | 'architecture'>;

function suffix({ memoryMb, architecture }: Cell, matrix: Matrix): string[] {
  const memory = matrix.memory === undefined ? [] : [String(memoryMb)];
  return matrix.architecture === undefined ? memory : [...memory, architecture.replace('_64', '')];
}

const LONGEST_NAME = 39;

function withinLimit(name: string, variant: string): string {
  if (name.length <= LONGEST_NAME) return name;
  throw new ConfigError(
    `The cell "${name}" of the sweep has a name of ${name.length} characters; ${LONGEST_NAME} are allowed.`,
    `Give variant "${variant}" a shorter name.`,
  );
}

/** Pairs of variants, cell by cell; of one variant alone, its first cell against each other one. */
export function cellPairs(pairs: readonly Pair[], cells: readonly Variant[]): Pair[] {
  if (pairs.length === 0) return cells.slice(1).map(({ name }) => ({ base: cells[0]!.name, head: name }));
  return pairs.flatMap((pair) => {
    const [bases, heads] = [cellsNamed(pair.base, cells), cellsNamed(pair.head, cells)];
    return bases.flatMap((base) =>
      heads.filter((head) => inSameCell(base, head)).map((head) => ({ base: base.name, head: head.name })),
    );
  });
}

const cellsNamed = (variant: string, cells: readonly Variant[]) =>
  cells.filter(({ name, cellOf }) => (cellOf ?? name) === variant);

/** Variants that are no cells may differ in memory: what is compared then is what the config says. */
function inSameCell(base: Variant, head: Variant): boolean {
  if (base.cellOf === undefined || head.cellOf === undefined) return true;
  return base.memoryMb === head.memoryMb && base.architecture === head.architecture;
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

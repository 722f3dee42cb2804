/** Trees near to what a reader expects: a valid one with some of its values, keys or lengths replaced. */
import fc from 'fast-check';
import { WORDS } from './damage.ts';

interface Edit {
  /** Which of the tree's places, modulo their number. */
  readonly at: number;
  readonly kind: 'replace' | 'remove' | 'add' | 'repeat';
  readonly key: string;
  readonly value: unknown;
}

const POISON = JSON.parse(
  '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
);

/** Values that are seldom expected. */
function surprises(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -0,
      -1,
      0.5,
      1e21,
      1e308,
      -1e308,
      5e-324,
      2 ** 53,
      [],
      {},
      POISON,
    ),
    fc.constantFrom(...WORDS),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
  );
}

type Holder = Record<string, unknown>;

/** Every place of a tree that holds a value, as holder and key. */
function placesOf(tree: unknown): [Holder, string][] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) => [
    [tree as Holder, key] as [Holder, string],
    ...placesOf(value),
  ]);
}

const TIMES = 40;

function edited(root: Holder, { at, kind, key, value }: Edit): Holder {
  const places = placesOf(root);
  const [holder, name] = places[at % Math.max(1, places.length)] ?? [root, 'root'];
  const here = holder[name];
  if (kind === 'remove') delete holder[name];
  else if (kind === 'add') define(holder, key, value);
  else if (kind === 'repeat' && Array.isArray(here))
    holder[name] = Array.from({ length: TIMES }, () => here).flat();
  else define(holder, name, value);
  return root;
}

/** A key named `__proto__` becomes one of the tree's own, as JSON.parse makes it. */
function define(holder: Holder, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Valid trees, most of them damaged at up to four places. */
export function damagedJson<T>(whole: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  const edit = fc.record({
    at: fc.nat(99_999),
    kind: fc.constantFrom('replace' as const, 'remove' as const, 'add' as const, 'repeat' as const),
    key: fc.constantFrom(...WORDS),
    value: surprises(),
  });
  return fc.tuple(whole, fc.array(edit, { maxLength: 4 })).map(([tree, edits]) => {
    const holder = { root: structuredClone(tree) as unknown };
    return edits.reduce<Holder>((root, each) => edited(root, structuredClone(each)), holder).root;
  });
}

/** The claim that began this project, as a named hypothesis, against what was measured. */
import type { Comparison, PairResult, Result, VariantResult } from '../../result.ts';
import { type Block, bullets, heading, left, paragraph, right, table } from '../blocks.ts';
import { timesLess } from '../change.ts';
import { known, NO_VERDICT, UNKNOWN } from '../units.ts';
import { comparisonOf, describe, pairName, variantOf } from '../words.ts';
import { choiceBlocks } from './choices.ts';

interface Side {
  readonly runtime: RegExp;
  readonly build: string;
}

/** The claim as data: what it says, of which runtimes and builds, and how many times better. */
const CLAIM = {
  words: 'Rust beats Python 8-10x on every metric, with similar cost savings',
  from: 8,
  to: 10,
  base: { runtime: /^python/, build: 'python' },
  head: { runtime: /^provided/, build: 'cargo-lambda' },
  metrics: [
    'duration.p50',
    'duration.p95',
    'billed.mean',
    'cold.total',
    'memory.max',
    'cpu.mean',
    'cost.total',
  ],
} as const;

const WHY = [
  "The two functions it compared did not do the same work: its Rust function built the clients for S3 and DynamoDB again on every call, which makes Rust look slower than it is. Its Python used the slower of boto3's two interfaces, which makes Python look slower. The functions python and rust of this project make the clients once, before the first call, and use the faster one; the original's shapes are python-resource and rust-per-call of .github/replica.yml, whose report says how much either is worth.",
  'A ratio depends on what surrounds the code. Waiting for S3, DynamoDB and the network is the same in every language, and the more of it there is, the closer the ratio comes to 1: a network makes a ratio smaller than here, not larger.',
  'It named no conditions: which percentile, cold or warm, how much memory, which architecture, which load. A factor without them can be neither right nor wrong.',
  'A bill has parts that no language changes (requests, S3, DynamoDB, logs), so the whole bill cannot shrink as compute does.',
] as const;

export function claimSection(result: Result): Block[] {
  const pairs = result.pairs.filter((pair) => isAboutClaim(result, pair));
  if (pairs.length === 0) return [];
  return [
    heading(2, 'The original claim against the measurement'),
    paragraph(`A claim often quoted for Rust against Python: "${CLAIM.words}".`),
    ...pairs.flatMap((pair) => [paragraph(`Measured here for ${pairName(pair)}:`), claimTable(pair)]),
    ...choiceBlocks(result),
    paragraph('What to know where the two differ:'),
    bullets(WHY),
  ];
}

function isAboutClaim(result: Result, pair: PairResult): boolean {
  return isSide(CLAIM.base, variantOf(result, pair.base)) && isSide(CLAIM.head, variantOf(result, pair.head));
}

/** A binary's runtime says nothing of its language, its build does; older results do not tell the build. */
function isSide(side: Side, variant: VariantResult | undefined): boolean {
  return side.runtime.test(variant?.runtime ?? '') && (variant?.build ?? side.build) === side.build;
}

function claimTable(pair: PairResult): Block {
  const columns = [
    left('Metric'),
    right('Claim'),
    right('Measured: times less (95 % CI)'),
    left('Seen here?'),
  ];
  return table(
    columns,
    CLAIM.metrics.map((id) => {
      const comparison = comparisonOf(pair, id);
      const cell = timesLess(comparison?.estimate, comparison?.lo, comparison?.hi);
      return [describe(id).label, `${CLAIM.from}-${CLAIM.to}x`, cell, judgement(comparison)];
    }),
  );
}

/** What the interval says of the claimed range: outside of it, within it, or too wide to tell. */
function judgement(comparison: Comparison | undefined): string {
  if (comparison === undefined || !known(comparison.estimate)) return UNKNOWN;
  if (!known(comparison.lo) || !known(comparison.hi)) return NO_VERDICT;
  const [least, most] = [Math.exp(-comparison.hi), Math.exp(-comparison.lo)];
  if (most < CLAIM.from) return 'no, measured less';
  if (least > CLAIM.to) return 'no, measured more';
  return least >= CLAIM.from && most <= CLAIM.to ? 'yes' : 'not ruled out';
}

/** What a reader must know before believing the comparison; each is one sentence with its numbers. */
import { fewestBlocks } from '../config/profiles.ts';
import type { Warning } from '../model.ts';
import type { PairResult, VariantResult } from '../result.ts';
import { type Arm, allBlocks } from './arm.ts';
import { isMerged, isP99 } from './comparison.ts';
import { PRICES } from './cost/prices.ts';
import type { Unusable } from './usable-samples.ts';
import { MIN_BLOCKS } from './verdict.ts';

export interface Findings {
  readonly arms: ReadonlyMap<string, Arm>;
  readonly variants: readonly Pick<VariantResult, 'name' | 'cost'>[];
  readonly pairs: readonly PairResult[];
  readonly region: string;
  readonly unusable: Unusable;
  readonly p99Requests: number;
}

export function warningsOf(findings: Findings): Warning[] {
  const { pairs, arms, variants } = findings;
  const tested = testsOf(pairs.filter(({ noise }) => noise === null));
  const ofPairs = pairs.flatMap((pair) => {
    const [base, head] = [arms.get(pair.base)!, arms.get(pair.head)!];
    return [
      dirtyControl(pair),
      tooFewBlocks(pair, pair.noise === null ? tested : testsOf([pair])),
      droppedBlocks(pair),
      reusedFallback(pair, base, head),
      fixedOrder(pair, base, head),
      autocorrelated(pair),
    ];
  });
  const ofRun = [
    ...thinP99(pairs, findings.p99Requests),
    noPrices(findings.region),
    unusableOf(findings.unusable),
    ...variants.map(unknownColdCost),
  ];
  return [...ofPairs, ...ofRun].filter((warning) => warning !== null);
}

const names = ({ base, head }: PairResult) => ({ base, head });
const percent = (logRatio: number) =>
  `${logRatio < 0 ? '' : '+'}${(100 * Math.expm1(logRatio)).toFixed(1)} %`;

function dirtyControl(pair: PairResult): Warning | null {
  if (pair.noise?.clean !== false) return null;
  const found = pair.noise.differing.map(({ metric, estimate }) => `${metric} (${percent(estimate)})`);
  const message =
    `No verdict of this run is to be trusted: the control differs by itself. ${pair.head} and ${pair.base} are the ` +
    `same artefact, yet differ in ${found.join(', ')}.`;
  return { code: 'control-dirty', message, data: { ...names(pair), metrics: found.length } };
}

/** How many metrics decide, of pairs that Holm corrects together. */
function testsOf(pairs: readonly PairResult[]): number {
  const comparisons = pairs.flatMap((pair) => pair.comparisons);
  return comparisons.filter(({ family, p }) => family === 'gate' && p !== null).length;
}

function tooFewBlocks(pair: PairResult, tests: number): Warning | null {
  const n = pair.comparisons.reduce((most, comparison) => Math.max(most, comparison.n), 0);
  const needed = Math.max(MIN_BLOCKS, fewestBlocks(tests));
  if (n >= needed) return null;
  const why =
    n < MIN_BLOCKS
      ? `a verdict needs ${MIN_BLOCKS}`
      : `with ${tests} metrics that decide, no difference can be called with fewer than ${needed}`;
  const message = `${pair.head} against ${pair.base} has ${n} usable blocks; ${why}.`;
  return { code: 'too-few-blocks', message, data: { ...names(pair), blocks: n, needed } };
}

function droppedBlocks(pair: PairResult): Warning | null {
  const p50 = pair.comparisons.find(({ metric }) => metric === 'duration.p50');
  if (p50 === undefined || p50.droppedBlocks === 0) return null;
  const all = p50.droppedBlocks + p50.n;
  const message =
    `${p50.droppedBlocks} of ${all} blocks of ${pair.head} against ${pair.base} were left out, because a variant had no ` +
    'warm request with a positive Duration in them.';
  return {
    code: 'dropped-blocks',
    message,
    data: { ...names(pair), dropped: p50.droppedBlocks, blocks: all },
  };
}

function reusedFallback(pair: PairResult, base: Arm, head: Arm): Warning | null {
  const reused = base.reused.size + head.reused.size;
  if (reused === 0) return null;
  const message =
    `${reused} execution environments of ${pair.head} or ${pair.base} served several blocks, so blocks are not ` +
    'independent: intervals also count how environments differ, and cold starts and memory have no verdict.';
  return { code: 'reused-environments-fallback', message, data: { ...names(pair), environments: reused } };
}

/** The order is random by design; an arm that always opens first turns what openings leave behind into a difference. */
function fixedOrder(pair: PairResult, base: Arm, head: Arm): Warning | null {
  const both = allBlocks(base, head).filter((block) => base.slots.has(block) && head.slots.has(block));
  const first = both.filter(
    (block) => base.slots.get(block)!.position < head.slots.get(block)!.position,
  ).length;
  if (both.length < MIN_BLOCKS || (first > 0 && first < both.length)) return null;
  const [early, late] = first > 0 ? [pair.base, pair.head] : [pair.head, pair.base];
  const message = `${early} began before ${late} in all ${both.length} blocks: what is different at a block's beginning counts as their difference.`;
  return { code: 'fixed-order', message, data: { ...names(pair), blocks: both.length } };
}

/**
 * Standard errors of a lag-1 autocorrelation of white noise, which are 1 / sqrt(n) (Bartlett 1946): one of five metrics exceeds
 * them in at most 2.3 % of pairs.
 */
const BAND = 2.6;

const ALLOWED_FOR = 'which these intervals allow for as if each block remembered only the one before';

/** Of what decides, and has an interval. */
function autocorrelated(pair: PairResult): Warning | null {
  const found = pair.comparisons.flatMap(({ metric, family, autocorrelation, inflation, n, lo }) =>
    family === 'gate' && lo !== null && autocorrelation !== null && autocorrelation > BAND / Math.sqrt(n)
      ? [{ metric, rho: autocorrelation, inflation, n }]
      : [],
  );
  const [most] = [...found].sort((a, b) => b.rho - a.rho);
  if (most === undefined) return null;
  const rhos = listed(found.map(({ metric, rho }) => `${rho.toFixed(2)} of ${metric}`));
  const isAllowedFor = found.every(({ inflation }) => inflation !== undefined);
  const message =
    `Neighbouring blocks of ${nameOf(pair)} resemble each other (lag-1 autocorrelation ${rhos}, over ${most.n} blocks): ` +
    `noise sticks to one variant for longer than a block, ${isAllowedFor ? ALLOWED_FOR : 'and these intervals are too narrow'}.`;
  return { code: 'autocorrelated-blocks', message, data: { ...names(pair), rho: most.rho, blocks: most.n } };
}

function thinP99(pairs: readonly PairResult[], p99Requests: number): (Warning | null)[] {
  const p99 = (pair: PairResult) => pair.comparisons.find(({ metric }) => isP99(metric));
  const merged = pairs.filter((pair) => pair.comparisons.some((comparison) => isMerged(pair, comparison)));
  const thin = pairs.filter((pair) => p99(pair)?.method === 'descriptive' && p99(pair)?.estimate !== null);
  const need = `p99 needs ${p99Requests} requests a slot`;
  const into = listed(merged.map((pair) => `${p99(pair)!.n} for ${nameOf(pair)}`));
  const miss = `${listed(thin.map(nameOf))} ${thin.length > 1 ? 'do' : 'does'} not reach`;
  const warning = (code: string, { length }: readonly PairResult[], message: string) =>
    length === 0 ? null : { code, message, data: { pairs: length, requests: p99Requests } };
  return [
    warning('p99-merged', merged, `${need}: adjacent blocks were merged, into ${into}.`),
    warning(
      'p99-descriptive',
      thin,
      `${need}, which ${miss} with ${MIN_BLOCKS} merged blocks either: it is shown without a verdict.`,
    ),
  ];
}

const nameOf = ({ base, head }: PairResult) => `${head} against ${base}`;
const listed = (items: readonly string[]) => new Intl.ListFormat('en').format(items);

function noPrices(region: string): Warning | null {
  if (PRICES[region] !== undefined) return null;
  const message = `There is no price table for ${region}, so no cost is given; there is one for ${Object.keys(PRICES).join(', ')}.`;
  return { code: 'no-prices', message, data: { region } };
}

function unusableOf({ requests, columns, environments }: Unusable): Warning | null {
  const told = [
    [requests, `${requests} requests, which are in no latency`],
    [columns, `${columns} columns of a slot (CPU or time of a service), each of which is not known there`],
    [environments, `${environments} values of execution environments (start, first call, memory)`],
  ] as const;
  const found = told.filter(([count]) => count > 0).map(([, words]) => words);
  if (found.length === 0) return null;
  const message = `Times or amounts that were negative, beyond eleven days or no number at all were left out: of ${found.join('; of ')}.`;
  return { code: 'unusable-observations', message, data: { count: requests, columns, environments } };
}

function unknownColdCost({ name, cost }: Findings['variants'][number]): Warning | null {
  if (cost === null || cost.perMillion.init !== null) return null;
  const message = `No cold start of ${name} was billed in this run, so its cost leaves cold starts out.`;
  return { code: 'cold-cost-unknown', message, data: { variant: name } };
}

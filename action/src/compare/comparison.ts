import type { Comparison, PairResult } from '../result.ts';
import type { Arm } from './arm.ts';
import { lag1 } from './autocorrelation.ts';
import { type BlockRatios, blockRatios, logRatioOf, mergedRatios } from './block-ratios.ts';
import { coldBills, weakened, widened } from './cold-bills.ts';
import type { Dominance } from './dominance.ts';
import type { Look } from './early-stop.ts';
import { environmentLogs } from './environment-logs.ts';
import { hodgesLehmann, hodgesLehmannInterval, type Interval } from './hodges-lehmann.ts';
import type { Metric, MetricId } from './metrics.ts';
import { ratioOfMeans } from './ratio-of-means.ts';
import { reusedEnvironments } from './reused-environments.ts';
import { signedRank } from './signed-rank.ts';
import { observations, STATISTICS } from './slot-statistics.ts';
import { ALPHA, isBeyondMargin, MIN_BLOCKS, smallestDetectable } from './verdict.ts';

export interface Judging {
  /** Requests a slot must have for its p99 to be judged; adjacent blocks are merged to reach it. */
  readonly p99Requests: number;
  /** The look at which an early-stopping run ended; null for a run that is judged once. */
  readonly look: Look | null;
}

/** A comparison before Holm: its verdict waits for its whole family. */
export interface Draft {
  readonly comparison: Omit<Comparison, 'pHolm' | 'verdict'>;
  /** The interval that equality is judged by. */
  readonly equivalence: Interval;
}

interface Estimated extends Pick<Comparison, 'estimate' | 'lo' | 'hi' | 'p' | 'method' | 'inflation'> {
  readonly equivalence: Interval;
}

/** Two arms, and how their single observations compare. */
export interface Arms {
  readonly base: Arm;
  readonly head: Arm;
  readonly pSlower: Dominance;
}

/** One metric of one pair. */
export function draft(metric: Metric & { readonly id: MetricId }, arms: Arms, judging: Judging): Draft {
  const { base, head } = arms;
  const { ratios, method } = ratiosOf(metric.id, base, head, judging.p99Requests);
  const differences = ratios.blocks.map((block) => block.logRatio);
  const question = { metric, base, head, differences, method };
  const { equivalence, ...estimated } = withColdStarts(question, judging.look);
  const margin = Math.log1p(metric.margin);
  const comparison = {
    metric: metric.id,
    family: metric.family,
    n: ratios.blocks.length,
    droppedBlocks: ratios.dropped,
    ...estimated,
    margin,
    alpha: judging.look?.alpha ?? ALPHA,
    beyondMargin: isBeyondMargin(estimated, margin),
    smallestDetectable: smallestDetectable(estimated),
    pSlower: arms.pSlower(STATISTICS[metric.id]),
    ratioOfMeans: ratioOfMeans(STATISTICS[metric.id], base, head),
    autocorrelation: differences.length < MIN_BLOCKS ? null : lag1(differences),
    blocks: ratios.blocks,
  };
  return { comparison, equivalence };
}

type Method = Comparison['method'];

/** Block ratios and how to read them: a p99 of few requests is close to their maximum, so blocks are merged or nothing is judged. */
function ratiosOf(
  id: MetricId,
  base: Arm,
  head: Arm,
  p99Requests: number,
): { ratios: BlockRatios; method: Method } {
  const ratios = blockRatios(id, base, head);
  if (!isP99(id) || ratios.blocks.every(({ block }) => hasRequests(id, [base, head], block, p99Requests)))
    return { ratios, method: 'signed-rank' };
  const merged = mergedRatios(id, base, head, p99Requests);
  return merged.blocks.length >= MIN_BLOCKS
    ? { ratios: merged, method: 'merged-blocks' }
    : { ratios, method: 'descriptive' };
}

export function isP99(id: string): boolean {
  return id.endsWith('.p99');
}

/** Whether adjacent blocks were merged, which n then counts less of than of the pair's other metrics. */
export function isMerged(
  { comparisons }: Pick<PairResult, 'comparisons'>,
  { metric, method, n, droppedBlocks }: Comparison,
): boolean {
  const blocks = Math.max(...comparisons.map((each) => each.n + each.droppedBlocks));
  return isP99(metric) && method !== 'descriptive' && n + droppedBlocks < blocks;
}

function hasRequests(id: MetricId, arms: readonly Arm[], block: number, requests: number): boolean {
  return arms.every((arm) => observations(STATISTICS[id], arm.slots.get(block)!).length >= requests);
}

interface Question {
  readonly metric: { readonly id: MetricId };
  readonly base: Arm;
  readonly head: Arm;
  readonly differences: readonly number[];
  readonly method: Method;
}

const UNBOUNDED = { lo: null, hi: null };

/** Only a bill has them in it. */
function withColdStarts(question: Question, look: Look | null): Estimated {
  const estimated = estimate(question, look);
  const { metric, base, head } = question;
  const { estimate: value, equivalence } = estimated;
  if (STATISTICS[metric.id].of !== 'bill' || value === null) return estimated;
  const levels = [0.95, look?.equalityLevel ?? 0.95];
  const [cold, equal] = levels.map((level) => coldBills(base, head, level));
  if (!cold || !equal) return { ...estimated, ...UNBOUNDED, p: null, equivalence: UNBOUNDED };
  return {
    ...estimated,
    ...widened(estimated, value, cold),
    p: weakened(estimated.p, estimated, value, cold),
    equivalence: widened(equivalence, value, equal),
  };
}

function estimate(question: Question, look: Look | null): Estimated {
  const { metric, base, head, differences, method } = question;
  const silent = { ...UNBOUNDED, p: null, equivalence: UNBOUNDED };
  if (differences.length === 0) return { estimate: null, ...silent, method: 'descriptive' };
  // Of the whole run at once, without an interval.
  if (method === 'descriptive')
    return { estimate: logRatioOf(base.whole[metric.id], head.whole[metric.id]), ...silent, method };
  if (base.reused.size + head.reused.size > 0) return estimateReused(question, look);
  const interval = hodgesLehmannInterval(differences, 0.95);
  return {
    estimate: hodgesLehmann(differences),
    ...interval,
    p: signedRank(differences).p,
    method,
    equivalence: look === null ? interval : hodgesLehmannInterval(differences, look.equalityLevel),
  };
}

/** Environments that live through several blocks start once and keep their highest memory: no cold or memory result. */
function estimateReused({ metric, base, head, differences }: Question, look: Look | null): Estimated {
  const silent = { ...UNBOUNDED, p: null, equivalence: UNBOUNDED };
  if (STATISTICS[metric.id].of === 'environments')
    return { estimate: null, ...silent, method: 'reused-environments' };
  const logs = [base, head].map((arm) => environmentLogs(metric.id, arm)) as [number[], number[]];
  const interval = reusedEnvironments(differences, ...logs);
  const method = 'reused-environments';
  if (interval === null) return { estimate: hodgesLehmann(differences), ...silent, method };
  const { estimate, lo, hi, p, inflation } = interval;
  const equivalence = look === null ? interval : reusedEnvironments(differences, ...logs, look.equalityLevel);
  return { estimate, lo, hi, p, method, inflation, equivalence: equivalence ?? UNBOUNDED };
}

import jStat from 'jstat';
import { markdownTable } from 'markdown-table';
import { mean, median, standardDeviation } from 'simple-statistics';
import { GATES_OF_A_PAIR } from '../src/config/profiles.ts';
import { change } from '../src/report/change.ts';
import { shortHash } from '../src/report/units.ts';
import { comparisonOf, gatesOf, isDirected, listed, shortLabel } from '../src/report/words.ts';
import type { Comparison, PairResult, Result } from '../src/result.ts';

/** What is planted, in per cent of the function's own Duration p50; runs of profile `pr` are to find it. */
export const PLANTED = [3, 5, 10] as const;

/** Runs of slowdowns that are shares of one Duration p50, ms. */
export interface PlantedRuns {
  readonly p50Ms: number;
  readonly results: readonly Result[];
}

/** Duration p50 of a variant, ms: the median over its slots. */
export function p50Of({ variants }: Result, name: string): number {
  const variant = variants.find((candidate) => candidate.name === name);
  const p50 = variant?.summaries.find(({ metric }) => metric === 'duration.p50')?.slotMedian;
  if (p50 === null || p50 === undefined) throw new Error(`the run has no Duration p50 of ${name}`);
  return p50;
}

/** The interval of k successes in n, exact at 95 % (Clopper & Pearson 1934, Biometrika 26, 404-413). */
export function clopperPearson(k: number, n: number): readonly [number, number] {
  const low = k === 0 ? 0 : jStat.beta.inv(0.025, k, n - k + 1);
  return [low, k === n ? 1 : jStat.beta.inv(0.975, k + 1, n - k)];
}

export function calibrationReport(same: readonly Result[], planted: PlantedRuns): string {
  const tests = PLANTED.length * GATES_OF_A_PAIR;
  return `${[
    '# Does the pipeline keep its promises?',
    `Written by \`npm run benchmark:calibration\` of runs ${origin([...same, ...planted.results])}.`,
    '## The same code twice',
    falseAlarms(same),
    '## Slowdowns that were planted',
    `A busy loop of a share of the function's own Duration p50, ${planted.p50Ms.toFixed(2)} ms as measured before, in ${planted.results.length} runs of profile pr. A run compares all of them with the function at once, so that Holm's correction is for ${tests} metrics that decide; "by itself" is without it, and so is "could see": power 0.8 at 1.43 half-widths, of which the least clear of ${tests} metrics needs ${halfWidthsFor(tests).toFixed(2)}. "Trusted" runs passed every trust gate; the truth is the loop over the run's own p50.`,
    detections(planted),
    farthest(planted),
    '## What was not measured',
    'False alarms of the longer profiles: more blocks make the same test finer, but no series of runs shows it. Soaks, which keep their environments and are judged by another interval, not at all. How two runs of one configuration differ from each other, by more than their intervals say, was not measured as a series either.',
  ].join('\n\n')}\n`;
}

/** Of when, which machine and which commit; each is told as often as it differs. */
function origin(results: readonly Result[]): string {
  const told = (of: (provenance: Result['provenance']) => string) => [
    ...new Set(results.map(({ provenance }) => of(provenance))),
  ];
  const days = told(({ createdAt }) => createdAt.slice(0, 10)).sort();
  const machines = told(({ machine }) =>
    machine === null ? 'an unknown machine' : `${machine.cores} cores of ${machine.cpu}`,
  );
  const commits = told(({ commit }) => shortHash(commit));
  return `of ${listed(days)}, on ${listed(machines)}, at commit ${listed(commits)}`;
}

/** Half-widths of a 95 % interval that a difference needs for power 0.8 where Holm has yet to correct for all `tests`. */
function halfWidthsFor(tests: number): number {
  const z = (share: number) => jStat.normal.inv(share, 0, 1);
  return (z(1 - 0.05 / (2 * tests)) + z(0.8)) / z(0.975);
}

function falseAlarms(results: readonly Result[]): string {
  const isAlarm = (result: Result) => alarmsOf(result).length > 0;
  const alarmed = results.filter(isAlarm);
  const trusted = results.filter(isTrusted);
  const estimates = results.map((result) => Math.expm1(p50In(result.pairs[0]).estimate ?? 0));
  const width = median(results.map((result) => halfWidth(p50In(result.pairs[0]))));
  const blocks = [
    `**${shareOf(alarmed.length, results.length)}** of profile ${results[0]?.design.profile ?? ''} said better or worse of any of the five metrics that decide (interval: Clopper-Pearson); promised is ${percent(PROMISED)} at most.${proves(alarmed.length, results.length)} Among those that passed every trust gate: ${shareOf(trusted.filter(isAlarm).length, trusted.length)}.`,
    `The interval of Duration p50 reached ${percent(width)} to either side (median over runs). Over all runs the second was ${percent(mean(estimates))} from the first, give or take ${percent(standardDeviation(estimates) / Math.sqrt(results.length))} (standard error).`,
    alarmed.map(alarmLine).join('\n'),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** Of false alarms in a run: Holm's level. */
const PROMISED = 0.05;

/** None in 60 is what a promise that is kept looks like, and no proof of it. */
function proves(k: number, n: number): string {
  const [low, high] = clopperPearson(k, n);
  if (high <= PROMISED) return '';
  return low > PROMISED
    ? ' The interval lies beyond that: the promise is not kept.'
    : ' The interval reaches beyond that: so many runs do not prove the promise, they could only have refuted it.';
}

/** `1 of 60 runs: 1.7 % (95 % interval 0.0 % to 8.9 %)`. */
function shareOf(k: number, n: number): string {
  const [low, high] = clopperPearson(k, n);
  return `${k} of ${n} runs${n === 0 ? '' : `: ${percent(k / n)} (95 % interval ${percent(low)} to ${percent(high)})`}`;
}

const alarmsOf = ({ pairs: [pair] }: Result): Comparison[] =>
  pair === undefined ? [] : gatesOf(pair).filter(({ verdict }) => isDirected(verdict));

function alarmLine(result: Result): string {
  const called = alarmsOf(result).map(
    ({ metric, verdict, estimate }) => `${shortLabel(metric)} ${verdict} (${change(estimate).estimate})`,
  );
  return `- seed ${result.design.seed}: ${called.join(', ')}`;
}

function detections(runs: PlantedRuns): string {
  const rows = PLANTED.map((percent) => detectionRow(runs, percent));
  const header = [
    'Planted',
    'Truth, median',
    'Trusted',
    'Called worse at p50',
    'p < 0.05 by itself',
    'Could see, median',
    'Estimate, median',
    'Half-width of the 95 % CI, median',
    'Truth in the interval',
  ];
  return markdownTable([header, ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r'] });
}

/** What no interval of one run can hold, because it is the same in all its blocks. */
function farthest(runs: PlantedRuns): string {
  const found = PLANTED.flatMap((planted) => foundOf(runs, planted));
  const off = found.map(({ p50, truth }) => Math.abs(Math.expm1((p50.estimate ?? 0) - truth)));
  const held = found.filter(({ holdsTruth }) => holdsTruth).length;
  return `Intervals held the truth in ${held} of ${found.length}; estimates were ${percent(median(off))} from it at the median, ${percent(Math.max(...off))} at most. An interval tells how the blocks of one run scatter: what is the same in all of them is in none, so that it can miss a difference by more than its half-width.`;
}

function foundOf({ results, p50Ms }: PlantedRuns, planted: number) {
  return results.map((result) => {
    const truth = Math.log1p(((planted / 100) * p50Ms) / p50Of(result, 'python'));
    const p50 = p50In(result.pairs.find(({ head }) => head === `slower-by-${planted}`));
    return { p50, truth, holdsTruth: (p50.lo ?? -Infinity) <= truth && truth <= (p50.hi ?? Infinity) };
  });
}

function detectionRow(runs: PlantedRuns, planted: number): string[] {
  const { results } = runs;
  const found = foundOf(runs, planted);
  const middle = (of: (p50: Comparison) => number) => percent(median(found.map(({ p50 }) => of(p50))));
  return [
    `+${planted} %`,
    percent(median(found.map(({ truth }) => Math.expm1(truth)))),
    `${results.filter(isTrusted).length} of ${results.length}`,
    `${found.filter(({ p50 }) => p50.verdict === 'worse').length} of ${found.length}`,
    `${found.filter(({ p50 }) => (p50.estimate ?? 0) > 0 && (p50.p ?? 1) < 0.05).length} of ${found.length}`,
    middle((p50) => Math.expm1(p50.smallestDetectable ?? Infinity)),
    middle((p50) => Math.expm1(p50.estimate ?? 0)),
    middle(halfWidth),
    `${found.filter(({ holdsTruth }) => holdsTruth).length} of ${found.length}`,
  ];
}

const isTrusted = ({ gates }: Result) => gates.every(({ passed }) => passed);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function p50In(pair: PairResult | undefined): Comparison {
  const found = pair && comparisonOf(pair, 'duration.p50');
  if (found === undefined) throw new Error('the run did not compare Duration p50');
  return found;
}

function halfWidth({ lo, hi }: Comparison): number {
  return lo === null || hi === null ? Infinity : Math.expm1((hi - lo) / 2);
}

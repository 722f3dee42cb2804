/** The course of a long run: did it drift, jump, leak or fail in bursts? A finding per variant, then the numbers. */
import type { Result, Soak, VariantResult } from '../../result.ts';
import { type Block, bullets, finding, heading, left, paragraph, right, table } from '../blocks.ts';
import { change } from '../change.ts';
import { count, measured, plural, pValue, share, UNKNOWN } from '../units.ts';
import { isImport, latencyWord, listed } from '../words.ts';

interface Observed {
  readonly name: string;
  readonly soak: Soak;
}

export function soakSection(result: Result): Block[] {
  const observed = result.variants.flatMap(withSoak);
  if (observed.length === 0) return [];
  return [
    heading(2, 'The course of the run'),
    ...observed.flatMap((one) => findings(one, latencyWord(result))),
    driftTable(observed),
    paragraph(COURSE_NOTE),
    ...(isImport(result) ? [] : [memoryTable(observed), paragraph(MEMORY_NOTE)]),
  ];
}

const COURSE_NOTE =
  'Each variant is tested by itself, on the logarithm of its p50 minute by minute, over the minutes at the most common rate. No drift means none that can be told from chance: how much there may be is in the interval. Drift is a Theil-Sen slope, p is by Mann-Kendall, and p and interval allow for autocorrelation between minutes. A change of level is 3 % or more, with ten minutes on either side; of a drift and changes of level, what describes the minutes better is told. Warm-up is what MSER-5 would cut off the beginning; nothing is cut here.';

const MEMORY_NOTE =
  'One Theil-Sen slope per environment that was seen in at least five blocks. Max Memory Used is the highest so far and cannot fall; its slope is above 0 only where it rises between half of all pairs of blocks, so not for what the first minutes take.';

function withSoak({ name, soak }: VariantResult): Observed[] {
  return soak === null ? [] : [{ name, soak }];
}

function findings({ name, soak }: Observed, latency: string): Block[] {
  const remarks = [...memoryRemark(soak), ...burstRemarks(soak)];
  return [
    finding(`${name}: ${latency} p50 ${COURSES[soak.course]}`, ` (${evidence(soak)})`),
    ...(remarks.length === 0 ? [] : [bullets(remarks)]),
  ];
}

const COURSES: Readonly<Record<Soak['course'], string>> = {
  steady: 'showed no drift beyond chance',
  drift: 'drifted',
  steps: 'changed its level',
};

function evidence({ course, steps, minutes, trend }: Soak): string {
  const over = `over ${plural(minutes, 'minute')}`;
  if (course !== 'steps') return `${slope(trend)} an hour, ${interval(trend)}, ${over}`;
  return `${listed(steps.map(({ minute, shift }) => `${change(shift).estimate} from minute ${count(minute)}`))}, ${over}`;
}

function slope({ percentPerHour }: Soak['trend']): string {
  return `${signed(percentPerHour)} %`;
}

function interval({ lo, hi }: Soak['trend']): string {
  return `95 % CI ${signed(lo)} to ${signed(hi)} %`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${measured(value)}`;
}

function memoryRemark({ memory: { environments, growing, medianMbPerHour } }: Soak): string[] {
  if (2 * growing <= environments) return [];
  return [
    `Memory kept growing in ${count(growing)} of ${plural(environments, 'environment')}: ${signed(medianMbPerHour!)} MB an hour at the median.`,
  ];
}

function burstRemarks({ errorBursts }: Soak): string[] {
  return errorBursts.map(
    ({ minute, errors, expected }) =>
      `Errors came in a burst in minute ${count(minute)}: ${count(errors)}, where ${measured(expected)} were to be expected.`,
  );
}

function driftTable(observed: readonly Observed[]): Block {
  const columns = [
    left('Variant'),
    right('Minutes'),
    right('Drift of p50, %/h'),
    right('95 % CI'),
    right('p'),
    right('Autocorrelation'),
    right('Changes of level'),
    right('Warm-up, min'),
    right('Error bursts'),
  ];
  return table(columns, observed.map(driftRow));
}

function driftRow({ name, soak }: Observed): string[] {
  const { trend } = soak;
  return [
    name,
    count(soak.minutes),
    signed(trend.percentPerHour),
    `${signed(trend.lo)} to ${signed(trend.hi)}`,
    pValue(trend.p),
    share(trend.rho),
    count(soak.steps.length),
    count(soak.warmUpMinutes),
    count(soak.errorBursts.length),
  ];
}

function memoryTable(observed: readonly Observed[]): Block {
  const columns = [
    left('Memory of environments'),
    right('Environments'),
    right('Growing'),
    right('Median, MB/h'),
  ];
  return table(
    columns,
    observed.map(({ name, soak: { memory } }) => [
      name,
      count(memory.environments),
      count(memory.growing),
      memory.medianMbPerHour === null ? UNKNOWN : signed(memory.medianMbPerHour),
    ]),
  );
}

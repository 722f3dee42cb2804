import { median } from 'simple-statistics';
import { hodgesLehmannInterval } from '../../compare/hodges-lehmann.ts';
import { signedRank } from '../../compare/signed-rank.ts';
import { type Outcome, outcome } from './agreement.ts';
import { checkRun, type ReferenceRun } from './datasets.ts';
import { FUNCTIONS } from './functions.ts';
import { checkSoak, type ReferenceSoak } from './soak.ts';

interface UnitCase {
  readonly fn: string;
  readonly args: unknown[];
  readonly want: unknown;
  readonly tol: number;
}

interface CalibrationSet {
  readonly name: string;
  readonly trueEffect: number;
  readonly n: number;
  readonly sets: number[][];
  readonly rejected: boolean[];
  readonly covered: number;
  readonly medianHalfWidth: number;
}

/** How each file of a reference folder is checked. */
export const CHECKS: Readonly<Record<string, (content: never) => Outcome[]>> = {
  'units.json': (cases: UnitCase[]) => cases.map(checkUnit),
  'calibration.json': (sets: CalibrationSet[]) => sets.flatMap(checkCalibration),
  'datasets.json': (runs: ReferenceRun[]) => runs.flatMap(checkRun),
  'soak.json': (runs: ReferenceSoak[]) => runs.flatMap(checkSoak),
};

function checkUnit({ fn, args, want, tol }: UnitCase): Outcome {
  const call = FUNCTIONS[fn];
  if (call === undefined)
    return { name: `units.json ${fn}`, kind: 'skipped', detail: 'no such function here' };
  return outcome(`units.json ${fn}`, call(...args), want, tol);
}

/** Every decision of a set, and the set's coverage and half-width. */
function checkCalibration({
  name,
  n,
  sets,
  rejected,
  trueEffect,
  covered,
  medianHalfWidth,
}: CalibrationSet): Outcome[] {
  const label = `calibration.json ${name} n=${n}`;
  const intervals = sets.map((d) => hodgesLehmannInterval(d, 0.95));
  const halves = intervals.map(({ lo, hi }) => ((hi ?? 0) - (lo ?? 0)) / 2);
  const within = intervals.filter(
    ({ lo, hi }) => lo !== null && hi !== null && lo <= trueEffect && trueEffect <= hi,
  ).length;
  return [
    ...sets.map((d, i) => outcome(`${label} #${i}`, signedRank(d).p <= 0.05, rejected[i], 0)),
    outcome(`${label} coverage`, within / sets.length, covered, 1e-9),
    outcome(`${label} median half-width`, median(halves), medianHalfWidth, 1e-6),
  ];
}

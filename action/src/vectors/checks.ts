import { median } from 'simple-statistics';
import { hodgesLehmannInterval } from '../compare/hodges-lehmann.ts';
import { signedRank } from '../compare/signed-rank.ts';
import { FUNCTIONS } from './functions.ts';

export interface Outcome {
  readonly name: string;
  readonly kind: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

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
  'datasets.json': () => [
    { name: 'datasets.json', kind: 'skipped', detail: 'whole runs are not checked yet' },
  ],
  'soak.json': () => [
    { name: 'soak.json', kind: 'skipped', detail: 'the soak analysis is not implemented yet' },
  ],
};

function checkUnit({ fn, args, want, tol }: UnitCase): Outcome {
  const call = FUNCTIONS[fn];
  if (call === undefined)
    return { name: `units.json ${fn}`, kind: 'skipped', detail: 'no such function in the product' };
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

function outcome(name: string, got: unknown, want: unknown, tolerance: number): Outcome {
  if (agrees(got, want, tolerance)) return { name, kind: 'passed', detail: '' };
  return { name, kind: 'failed', detail: `got ${JSON.stringify(got)}, want ${JSON.stringify(want)}` };
}

/** Numbers agree within tolerance x max(1, |want|); null stands for an infinite bound; objects by key. */
export function agrees(got: unknown, want: unknown, tolerance: number): boolean {
  if (typeof want === 'number')
    return typeof got === 'number' && Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want));
  if (want === null || typeof want !== 'object') return got === want;
  if (got === null || typeof got !== 'object') return false;
  const keys = Object.keys(want);
  const sameSize = !Array.isArray(want) || (got as unknown[]).length === want.length;
  return sameSize && keys.every((key) => agrees((got as never)[key], (want as never)[key], tolerance));
}

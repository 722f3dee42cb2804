/**
 * Every number a reader sees is formatted here, and how two of them differ in `change.ts`: three significant digits for
 * what was measured, full digits for what was counted, one unit per column, `n/a` for the unknown, `~` for no verdict. No
 * function returns NaN, undefined or Infinity, whatever it is given.
 */
import { extentOf } from './extent.ts';

/** Stands for a number nobody knows. */
export const UNKNOWN = 'n/a';
/** Stands for "no verdict", as benchstat prints it. */
export const NO_VERDICT = '~';

const LOCALE = 'en-US';
const COUNT = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0, signDisplay: 'negative' });
const GIVEN = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 6, signDisplay: 'negative' });
const MEASURED = new Intl.NumberFormat(LOCALE, {
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
  minimumFractionDigits: 0,
  maximumFractionDigits: 0,
  // Never fewer digits than the integer part has: 12,346 and not 12,300.
  roundingPriority: 'morePrecision',
  signDisplay: 'negative',
});

export type Maybe = number | null | undefined;

/** Is it a number that can be shown? */
export function known(value: Maybe): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A measured number: `6.27`, `12,346`, `0.000123`; exponents outside 1e-6..1e12. */
export function measured(value: Maybe): string {
  if (!known(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size === 0) return '0';
  return size < 1e-6 || size >= 1e12 ? value.toExponential(2) : MEASURED.format(value);
}

/** A measured number in its unit; memory is told in whole megabytes, and gets no digits that nobody measured. */
export function valueIn(unit: string, value: Maybe): string {
  return unit === 'MB' && Number.isInteger(value) ? count(value) : measured(value);
}

/** A number that was chosen, not measured, without digits nobody chose: `5`, `0.02`. */
export function given(value: Maybe): string {
  if (!known(value)) return UNKNOWN;
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-6 || size >= 1e12) ? value.toExponential() : GIVEN.format(value);
}

/** A counted number, in full: `12,346`. */
export function count(value: Maybe): string {
  if (!known(value)) return UNKNOWN;
  return Math.abs(value) >= 1e15 ? value.toExponential(2) : COUNT.format(value);
}

/** `1 block`, `30 blocks`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A fraction as `1.25 %`. */
export function percent(fraction: Maybe): string {
  return known(fraction) ? `${measured(fraction * 100)} %` : UNKNOWN;
}

/** A chosen fraction as `2 %`. */
export function givenPercent(fraction: Maybe): string {
  return known(fraction) ? `${given(fraction * 100)} %` : UNKNOWN;
}

/** A difference of two fractions, in percentage points: `+0.12`, `-0.30 to +0.52`. */
export function points(difference: Maybe): string {
  if (!known(difference)) return UNKNOWN;
  return `${difference > 0 ? '+' : ''}${measured(difference * 100)}`;
}

/** `<0.0001`, `0.0012`, `0.34`; never 0, because no test gives that. */
export function pValue(p: Maybe): string {
  if (!known(p)) return UNKNOWN;
  if (p < 0.0001) return '<0.0001';
  return p < 0.1 ? p.toPrecision(2) : p.toFixed(2);
}

/** A correlation or probability between -1 and 1: `0.53`; `<0.01` for one that is nearly 0, and is not. */
export function share(value: Maybe): string {
  if (known(value) && value > 0 && value < 0.005) return '<0.01';
  return known(value) ? value.toFixed(2).replace(/^-0\.00$/, '0.00') : UNKNOWN;
}

/** A factor: `3.1x`, `1.14x`, `23x`. */
export function factor(value: Maybe): string {
  if (!known(value)) return UNKNOWN;
  return `${fixed(value, value < 1.5 ? 2 : value < 20 ? 1 : 0)}x`;
}

/** A wall time: `45 s`, `5.2 min`, `2.0 h`. */
export function wallTime(seconds: Maybe): string {
  if (!known(seconds)) return UNKNOWN;
  if (seconds < 120) return `${measured(seconds)} s`;
  return seconds < 7200 ? `${fixed(seconds / 60, 1)} min` : `${fixed(seconds / 3600, 1)} h`;
}

/** `2026-11-20T12:00:00.000Z` as `2026-11-20 12:00:00 UTC`; anything else as it stands. */
export function moment(iso: string): string {
  return iso.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?Z$/, '$1 $2 UTC');
}

/** The first 12 digits of a SHA. */
export function shortHash(hash: string | null): string {
  return hash === null || hash === '' ? UNKNOWN : hash.slice(0, 12);
}

/** What a gate observed, or its limit, in the unit that the gate gives it: `2 %` of a share, `3.1 ms`. */
export function withUnit(value: Maybe, unit: string, format: (value: Maybe) => string = measured): string {
  if (unit === 'share') return known(value) ? `${format(value * 100)} %` : UNKNOWN;
  return known(value) && unit !== '' ? `${format(value)} ${unit}` : format(value);
}

const SCALES = {
  ms: [
    { unit: 'ms', size: 1 },
    { unit: 's', size: 1000, from: 10_000 },
  ],
  bytes: [
    { unit: 'B', size: 1 },
    { unit: 'kB', size: 1e3, from: 1e3 },
    { unit: 'MB', size: 1e6, from: 1e6 },
    { unit: 'GB', size: 1e9, from: 1e9 },
  ],
  MB: [{ unit: 'MB', size: 1 }],
  USD: [{ unit: 'USD', size: 1 }],
  s: [{ unit: 's', size: 1 }],
} as const satisfies Record<string, readonly { unit: string; size: number; from?: number }[]>;

export type Quantity = keyof typeof SCALES;

/** The cells of one column (or row) in one unit, the one that suits its largest value. */
export function inOneUnit(quantity: Quantity, values: readonly Maybe[]): { unit: string; cells: string[] } {
  const [, largest] = extentOf([0, ...values.filter(known).map(Math.abs)]);
  const scales: readonly { unit: string; size: number; from?: number }[] = SCALES[quantity];
  const scale = scales.findLast((candidate) => largest >= (candidate.from ?? 0)) ?? {
    unit: quantity,
    size: 1,
  };
  return {
    unit: scale.unit,
    cells: values.map((value) => valueIn(quantity, known(value) ? value / scale.size : null)),
  };
}

/** With so many decimals. */
export function fixed(value: number, decimals: number): string {
  if (Math.abs(value) >= 1e9) return value.toExponential(1);
  return formatOf(decimals).format(value);
}

const FIXED = new Map<number, Intl.NumberFormat>();

/** Kept, because making one costs as much as formatting a thousand numbers. */
function formatOf(decimals: number): Intl.NumberFormat {
  const known = FIXED.get(decimals);
  if (known !== undefined) return known;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const made = new Intl.NumberFormat(LOCALE, { ...digits, signDisplay: 'negative' });
  FIXED.set(decimals, made);
  return made;
}

/**
 * Every number a reader sees is formatted here, and nowhere else: three significant digits for what was measured, full
 * digits for what was counted, one unit per column, `n/a` for the unknown, `~` for no verdict. No function returns NaN,
 * undefined or Infinity, whatever it is given.
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

type Maybe = number | null | undefined;

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

/** `<0.0001`, `0.0012`, `0.34`; never 0, because no test gives that. */
export function pValue(p: Maybe): string {
  if (!known(p)) return UNKNOWN;
  if (p < 0.0001) return '<0.0001';
  return p < 0.1 ? p.toPrecision(2) : p.toFixed(2);
}

/** A correlation or probability between -1 and 1: `0.53`. */
export function share(value: Maybe): string {
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

/** What a gate observed, or its limit, in the unit that the gate gives it: `0.02`, `3.1 ms`. */
export function withUnit(value: Maybe, unit: string, format: (value: Maybe) => string = measured): string {
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
    cells: values.map((value) => measured(known(value) ? value / scale.size : null)),
  };
}

function fixed(value: number, decimals: number): string {
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

/** A log ratio in words. All metrics are smaller-is-better, so it says `less` or `more` and never a sign. */
export interface Change {
  /** `3.1x less`, `2.3 % more`, `the same`. */
  readonly estimate: string;
  /** `2.9-3.3x less`, `1.1 % less to 0.4 % more`, `unbounded`. */
  readonly interval: string;
}

/** From here on a change is told as a factor, below in percent. */
const FACTOR_FROM = Math.log(1.1);
/** Above this a factor is only said to be larger (e^20 is beyond any benchmark, and e^710 is not a number). */
const LARGEST_LOG = Math.log(1e6);

/** The estimate of ln(head / base) and its 95 % interval; as many digits as the interval supports. */
export function change(estimate: Maybe, lo?: Maybe, hi?: Maybe): Change {
  if (!known(estimate)) return { estimate: UNKNOWN, interval: UNKNOWN };
  const form = Math.abs(estimate) >= FACTOR_FROM ? asFactor : asPercent;
  if (!known(lo) || !known(hi)) {
    // Without an interval to go by: two decimals where one would round a tenth of the difference away.
    const alone = form === asFactor && form.magnitude(estimate) < 1.5 ? 2 : form.digits;
    return { estimate: form.say(estimate, alone), interval: 'unbounded' };
  }
  const digits = digitsFor(Math.abs(signed(form, hi) - signed(form, lo)), form.digits);
  return { estimate: form.say(estimate, digits), interval: sayInterval(form, lo, hi, digits) };
}

interface Form {
  readonly digits: number;
  readonly unit: string;
  magnitude(log: number): number;
  say(log: number, digits: number): string;
}

const asFactor: Form = {
  digits: 1,
  unit: 'x',
  magnitude: (log) => Math.exp(Math.min(Math.abs(log), LARGEST_LOG)),
  say: (log, digits) => sayChange(asFactor, log, digits),
};

const asPercent: Form = {
  digits: 1,
  unit: ' %',
  magnitude: (log) => 100 * Math.abs(Math.expm1(Math.min(log, LARGEST_LOG))),
  say: (log, digits) => sayChange(asPercent, log, digits),
};

function sayChange(form: Form, log: number, digits: number): string {
  if (log === 0) return 'the same';
  const over = Math.abs(log) > LARGEST_LOG && form === asFactor ? 'over ' : '';
  return `${over}${fixed(form.magnitude(log), digits)}${form.unit} ${direction(log)}`;
}

/** On a scale where less is negative; only good for the width of an interval. */
function signed(form: Form, log: number): number {
  return Math.sign(log) * form.magnitude(log);
}

function sayInterval(form: Form, lo: number, hi: number, digits: number): string {
  // Memory is counted in whole MB, so an interval may be a point: `6.2-6.2x less` would say no more.
  if (form.say(lo, digits) === form.say(hi, digits)) return form.say(lo, digits);
  if (lo < 0 !== hi < 0 || lo === 0 || hi === 0) return `${form.say(lo, digits)} to ${form.say(hi, digits)}`;
  const [near, far] = lo < 0 ? [hi, lo] : [lo, hi];
  const from = fixed(form.magnitude(near), digits);
  return `${from}-${fixed(form.magnitude(far), digits)}${form.unit} ${direction(lo)}`;
}

function direction(log: number): 'less' | 'more' {
  return log < 0 ? 'less' : 'more';
}

/** An interval 0.4 wide is told to one decimal, one 0.1 wide to two: its half-width says which digits are noise. */
function digitsFor(width: number, least: number): number {
  const needed = width > 0 ? Math.ceil(-Math.log10(width / 2)) : least;
  return Math.min(3, Math.max(least, needed));
}

/** base / head (how many times less) with its interval: `3.1x (2.9-3.3)`. */
export function timesLess(estimate: Maybe, lo: Maybe, hi: Maybe): string {
  if (!known(estimate)) return UNKNOWN;
  if (!known(lo) || !known(hi)) return `${factor(limitedExp(-estimate))} (unbounded)`;
  const [from, to] = [limitedExp(-hi), limitedExp(-lo)];
  const digits = digitsFor(to - from, to < 1.5 ? 2 : 1);
  return `${fixed(limitedExp(-estimate), digits)}x (${fixed(from, digits)}-${fixed(to, digits)})`;
}

function limitedExp(log: number): number {
  return Math.exp(Math.max(-LARGEST_LOG, Math.min(log, LARGEST_LOG)));
}

/** A difference of two fractions, in percentage points: `+0.12`, `-0.30 to +0.52`. */
export function points(difference: Maybe): string {
  if (!known(difference)) return UNKNOWN;
  return `${difference > 0 ? '+' : ''}${measured(difference * 100)}`;
}

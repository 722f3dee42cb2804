/** How head differs from base, in words: a factor or a percentage, with as many digits as its interval supports. */
import { factor, fixed, known, type Maybe, UNKNOWN } from './units.ts';

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

/** How large a difference of a log ratio is, whatever its direction: `7.5 %`, `1.2x`. */
export function sizeOf(logRatio: number): string {
  return change(Math.abs(logRatio)).estimate.replace(/ more$/, '');
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

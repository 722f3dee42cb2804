/** RFC 3339 with a zone, as Go writes it; `Date.parse` alone takes nearly any text with a digit in it for a time. */
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** ms since the epoch; NaN for what is no time, or one before the epoch. */
export function instantOf(text: string): number {
  const ms = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  return ms >= 0 ? ms : Number.NaN;
}

/** Digits of a Unix time in s, ms, us or ns, as k6's `timeFormat` may be: each is at home in this century. */
const UNIX = /^\d{10}(?:\d{3}){0,3}$/;
const SECONDS_DIGITS = 10;

/** The same of a Unix time. */
export function unixTimeOf(digits: string): number {
  if (!UNIX.test(digits)) return Number.NaN;
  return Number(digits) * 10 ** (SECONDS_DIGITS + 3 - digits.length);
}

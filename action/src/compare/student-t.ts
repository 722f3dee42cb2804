/** Student's t distribution. */
import jStat from 'jstat';

/** The value that a t variable with `df` degrees of freedom stays below with probability `p`: jstat's, and one Newton step. */
export function tQuantile(p: number, df: number): number {
  const t = jStat.studentt.inv(p, df);
  return t - (tCdf(t, df) - p) / density(t, df);
}

function density(t: number, df: number): number {
  const log = jStat.gammaln((df + 1) / 2) - jStat.gammaln(df / 2) - ((df + 1) / 2) * Math.log1p((t * t) / df);
  return Math.exp(log) / Math.sqrt(df * Math.PI);
}

/**
 * P(T <= t): half the regularised incomplete beta function I_x(df / 2, 1 / 2) at x = df / (df + t^2) (DLMF 8.17; Abramowitz
 * & Stegun 26.7.1). jstat's own stops its continued fraction at 3e-7.
 */
export function tCdf(t: number, df: number): number {
  const tail = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** Two-sided p of a t statistic. */
export function tTwoSided(t: number, df: number): number {
  return 2 * tCdf(-Math.abs(t), df);
}

function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(
    jStat.gammaln(a + b) - jStat.gammaln(a) - jStat.gammaln(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** The continued fraction DLMF 8.17.22 by Lentz's method (Press et al., Numerical Recipes, 6.4), to machine precision. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    const before = fraction;
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d);
      c = 1 + term / c;
      fraction *= c * d;
    }
    if (Math.abs(fraction / before - 1) < 1e-15) break;
  }
  return fraction;
}

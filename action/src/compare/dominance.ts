/** P(y > x) + P(y = x) / 2 for ascending arrays, by one walk (McGraw & Wong 1992, Psychol. Bull. 111, 361-365). */
export function commonLanguage(x: Float64Array, y: Float64Array): number {
  let below = 0;
  let upTo = 0;
  let wins = 0;
  for (let i = 0; i < y.length; i++) {
    const value = y[i]!;
    while (below < x.length && x[below]! < value) below++;
    upTo = Math.max(upTo, below);
    while (upTo < x.length && x[upTo]! <= value) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (x.length * y.length);
}

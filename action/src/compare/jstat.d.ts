/** The part of jstat 1.9.6 that is used here; it ships no types. */
declare module 'jstat' {
  const jStat: {
    gammaln(x: number): number;
    beta: { inv(p: number, alpha: number, beta: number): number };
    studentt: { inv(p: number, df: number): number };
    normal: {
      inv(p: number, mean: number, sd: number): number;
      cdf(x: number, mean: number, sd: number): number;
    };
  };
  export default jStat;
}

/** xoshiro128** 1.1 (Blackman & Vigna 2018, prng.di.unimi.it), its state four words of splitmix32. Each call gives a 32-bit word. */
export function xoshiro128(seed: number): () => number {
  const seedWord = splitmix32(seed);
  let [a, b, c, d] = [seedWord(), seedWord(), seedWord(), seedWord()];
  return () => {
    const word = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return word;
  };
}

/** Indices below n: the high part of word x n. */
export function indices(seed: number, n: number): () => number {
  const word = xoshiro128(seed);
  return () => Math.floor((word() * n) / 2 ** 32);
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

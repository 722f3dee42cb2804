import { describe, expect, it } from 'vitest';
import { faultOf, resolved, TWO, variant } from './config.fixture.ts';

describe('a matrix', () => {
  it('makes every variant several, and compares them cell by cell', () => {
    const { variants, pairs } = resolved(`${TWO}matrix: { memory: [512, 1024] }\n`);
    expect(variants.map(({ name, cellOf, memoryMb }) => [name, cellOf, memoryMb])).toEqual([
      ['a-512', 'a', 512],
      ['a-1024', 'a', 1024],
      ['b-512', 'b', 512],
      ['b-1024', 'b', 1024],
    ]);
    expect(pairs).toEqual([
      { base: 'a-512', head: 'b-512' },
      { base: 'a-1024', head: 'b-1024' },
    ]);
  });

  it('is of memory and architecture', () => {
    const { variants } = resolved(`${TWO}matrix: { memory: [512], architecture: [x86_64, arm64] }\n`);
    expect(variants.map(({ name }) => name)).toEqual([
      'a-512-x86',
      'a-512-arm64',
      'b-512-x86',
      'b-512-arm64',
    ]);
  });

  it('can sweep one variant alone, whose first cell the others are held against', () => {
    const one = `variants:\n${variant('a')}\n`;
    expect(resolved(`${one}matrix: { memory: [512, 1024, 1769] }\n`).pairs).toEqual([
      { base: 'a-512', head: 'a-1024' },
      { base: 'a-512', head: 'a-1769' },
    ]);
    expect(faultOf(() => resolved(one)).remedy).toContain('--base REF');
    expect(faultOf(() => resolved(`${one}matrix: { memory: [512, 512] }\n`)).message).toContain('alone');
  });

  it('may be one variant alone where a base or a control is to be compared with it', () => {
    const one = `variants:\n${variant('a')}\n`;
    expect(resolved(one, '--base', 'main')).toMatchObject({ baseRef: 'main', pairs: [] });
    expect(resolved(one, '--control').pairs).toEqual([{ base: 'a', head: 'a-control' }]);
    expect(resolved(`${one}${variant('b', 'two')}\n`, '--variants', 'b', '--base', 'main').pairs).toEqual([]);
  });

  it('has names that a function may have', () => {
    const long = `variants:\n${variant('a'.repeat(38))}\n${variant('b')}\nmatrix: { memory: [512] }\n`;
    expect(faultOf(() => resolved(long)).message).toMatch(/name of 42 characters; 39 are allowed/);
  });

  it('has a control that is no cell', () => {
    const { variants } = resolved(`${TWO}matrix: { memory: [512, 1024] }\n`, '--control');
    expect(variants.at(-1)).toMatchObject({ name: 'a-512-control', memoryMb: 512 });
    expect(variants.at(-1)).not.toHaveProperty('cellOf');
  });
});

describe('a control', () => {
  it('is the first variant once more, compared with it', () => {
    const { variants, pairs } = resolved(TWO, '--control');
    expect(variants.map(({ name }) => name)).toEqual(['a', 'b', 'a-control']);
    expect({ ...variants[2], name: 'a' }).toEqual(variants[0]);
    expect(pairs).toEqual([
      { base: 'a', head: 'b' },
      { base: 'a', head: 'a-control' },
    ]);
  });

  it('always belongs to a soak, whose blocks stay one minute long', () => {
    const { variants, profile } = resolved(TWO, '--profile', 'soak');
    expect(variants.map(({ name }) => name)).toContain('a-control');
    expect(profile.slotSeconds * variants.length).toBe(60);
  });

  it('needs its name for itself', () => {
    const taken = `${TWO}${variant('a-control', 'two')}\n`;
    expect(faultOf(() => resolved(taken, '--control')).message).toContain('"a-control"');
  });
});

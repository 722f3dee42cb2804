import { expect, it } from 'vitest';
import { comparison, pair, result, variant } from '../../../test/fixtures/result-builder.ts';
import type { VariantResult } from '../../result.ts';
import { claimSection } from './claim.ts';

const PYTHON = { runtime: 'python3.13', build: 'python' };
const RUST = { runtime: 'provided.al2023', build: 'cargo-lambda' };

function claimOf(base: Partial<VariantResult>, head: Partial<VariantResult>): string {
  const pairs = [pair('base', 'head', [comparison('duration.p50', -1, 0.05, 'better')])];
  return claimSection(result([variant('base', 3, base), variant('head', 1, head)], pairs)).join('\n');
}

it('is told of Rust against Python, also of results that do not tell the build', () => {
  expect(claimOf(PYTHON, RUST)).toContain('The original claim');
  expect(claimOf({ ...PYTHON, build: null }, { ...RUST, build: null })).toContain('The original claim');
});

it.each([
  ['Go against Python', PYTHON, { ...RUST, build: 'go' }],
  ['a binary of whatever made it against Python', PYTHON, { ...RUST, build: 'command' }],
  ['Rust against Python with a module in Rust', { ...PYTHON, build: 'maturin' }, RUST],
  ['Python against Rust', RUST, PYTHON],
])('is not told of %s', (_, base, head) => {
  expect(claimOf(base, head)).toBe('');
});

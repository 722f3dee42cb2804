import { expect, it } from 'vitest';
import { linuxOnly } from './linux-only.ts';

const python = { name: 'python', build: 'python' } as const;
const rust = { name: 'rust', build: 'cargo-lambda' } as const;
const pyo3 = { name: 'pyo3', build: 'maturin' } as const;

it('Linux runs every kind of package', () => {
  expect(linuxOnly([python, rust, pyo3], 'linux')).toBeNull();
});

it('macOS runs what needs no compiler', () => {
  expect(linuxOnly([python, { name: 'node', build: 'node' }], 'darwin')).toBeNull();
});

it('macOS is told which packages it cannot run, before they are built', () => {
  const error = linuxOnly([python, rust, pyo3], 'darwin');
  expect(error?.message).toBe(
    'rust, pyo3 are Linux binaries, and this is darwin: the local cloud cannot run them.',
  );
  expect(error?.remedy).toContain('--variants');
});

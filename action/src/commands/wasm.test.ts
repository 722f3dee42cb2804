import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { stderrProgress } from '../progress.ts';
import { COMPILED, compiled } from './wasm.ts';

it('the scanner that is committed is what its source compiles to (else: npm run wasm)', async () => {
  const root = resolve(import.meta.dirname, '../../..');
  const committed = readFileSync(join(root, COMPILED), 'utf8');
  expect(await compiled({ root, progress: stderrProgress() })).toBe(committed);
});

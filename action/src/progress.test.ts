import { afterEach, expect, it, vi } from 'vitest';
import { run } from './command.ts';
import { PublishError } from './errors.ts';
import { stderrProgress } from './progress.ts';

afterEach(() => void vi.restoreAllMocks());

it.each([
  ['an error', () => run(() => Promise.reject(new PublishError('a\n ::error::forged\n', '##[group]b')))],
  ['a defect', () => run(() => Promise.reject(new Error('a\r\n::error::forged ##[group]b')))],
  ['progress', async () => stderrProgress().line('publish', 'a\n::error::forged ##[group]b')],
])('gives the runner of a workflow no command that a stranger wrote into %s', async (_, print) => {
  let written = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += text;
    return true;
  });
  await print();
  expect(written).toContain('::error::forged');
  expect(written.split(/[\r\n]/).filter((line) => /^\s*::|##\[/.test(line))).toEqual([]);
});

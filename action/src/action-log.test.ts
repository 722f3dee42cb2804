import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { actionLog } from './action-log.ts';

let written: string;

beforeEach(() => {
  written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

describe('the log of a job', () => {
  it('is folded by stage', () => {
    const log = actionLog();
    log.line('build python', 'one');
    log.line('build rust', 'two');
    log.line('load', 'three');
    log.end();
    const commands = written.split('\n').filter((line) => line.startsWith('::'));
    expect(commands).toEqual(['::group::build', '::endgroup::', '::group::load', '::endgroup::']);
  });

  it('obeys no command that a compiler or a function wrote', () => {
    const log = actionLog();
    log.line('build', 'ok\n::error::forged\r\n::add-mask::a\n##[set-output name=verdict]better');
    log.end();
    const commands = written.split('\n').filter((line) => /^\s*::|##\[/.test(line));
    expect(commands).toEqual(['::group::build', '::endgroup::']);
    expect(written).toContain('::error::forged');
  });
});

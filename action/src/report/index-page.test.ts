import { describe, expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { dirtyControl } from '../../test/fixtures/dirty-control.ts';
import { hostile } from '../../test/fixtures/hostile.ts';
import { provenance } from '../../test/fixtures/result-builder.ts';
import { renderIndex } from './index-page.ts';

const at = (createdAt: string, commit: string) => ({
  ...clearVerdict(),
  provenance: provenance({ createdAt, commit }),
});
const first = {
  folder: 'reports/2026/2026-11-20-aaaaaaa-pr',
  result: at('2026-11-20T12:00:00.000Z', 'a'.repeat(40)),
};
const second = {
  folder: 'reports/2026/2026-11-21-bbbbbbb-pr',
  result: at('2026-11-21T12:00:00.000Z', 'b'.repeat(40)),
};
const ofPull = {
  folder: 'reports/pr-7/2026-11-22-ccccccc-pr',
  result: at('2026-11-22T12:00:00.000Z', 'c'.repeat(40)),
};

const page = (...args: Parameters<typeof renderIndex>) => renderIndex(...args)[0]?.content ?? '';

describe('the index of reports', () => {
  it('is the same page in whatever order the runs come, newest first', () => {
    const text = page([first, ofPull, second], { older: 0 });
    expect(page([second, first, ofPull], { older: 0 })).toBe(text);
    const places = ['2026-11-22 12:00:00', '2026-11-21 12:00:00', '2026-11-20 12:00:00'].map((time) =>
      text.indexOf(time),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('links every report from where the page lies', () => {
    expect(page([first, ofPull], { older: 0 })).toContain('[report](pr-7/2026-11-22-ccccccc-pr/report.md)');
  });

  it('gives each pair its verdict with the size of the difference', () => {
    expect(page([first], { older: 0 })).toContain(
      'rust against python: better in 5 of 5 (Duration p50 3.1x less)',
    );
  });

  it('says of a run that is not to be trusted that it is not', () => {
    const result = dirtyControl();
    expect(page([{ folder: first.folder, result }], { older: 0 })).toContain('not to be trusted; ');
  });

  it('shows a trend from two runs of a branch on, and none of pull requests', () => {
    expect(page([first, ofPull], { older: 0 })).not.toContain('## Trend');
    const trend =
      page([first, ofPull, second], { older: 0 }).split('## Trend of rust against python')[1] ?? '';
    expect(trend.match(/3\.1x less/g)).toHaveLength(2);
    expect(trend).not.toContain('2026-11-22');
  });

  it('counts the older runs that it does not list', () => {
    expect(page([first], { older: 12 })).toContain('12 older ones');
  });

  it('lets no name in a result write markdown, HTML or a mention', () => {
    const text = page([{ folder: first.folder, result: hostile() }, second], { older: 0 });
    expect(text).not.toMatch(/<(img|script)|\]\(http|@octocat/);
    expect(
      text
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .every((line) => line.endsWith('|')),
    ).toBe(true);
  });
});

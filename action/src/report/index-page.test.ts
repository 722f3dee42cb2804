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
    const runs = text.slice(text.indexOf('| Time'));
    expect(page([second, first, ofPull], { older: 0 })).toBe(text);
    const places = ['2026-11-22 12:00:00', '2026-11-21 12:00:00', '2026-11-20 12:00:00'].map((time) =>
      runs.indexOf(time),
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
    const trend = page([first, ofPull, second], { older: 0 }).split('### rust against python')[1] ?? '';
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

  it('shows what the newest run of a branch found before any table', () => {
    const text = page([first, ofPull, second], { older: 0 });
    const verdict = text.indexOf('**rust used 3.1x less Duration than python at p50**');
    expect(text).toContain('Newest run of a branch: 2026-11-21 12:00:00 UTC, bbbbbbbbbbbb');
    expect(verdict).toBeGreaterThan(0);
    expect(verdict).toBeLessThan(text.indexOf('|'));
  });

  it('draws the runs of a branch, light and dark, with a change of level at its commit and the numbers below', () => {
    const files = renderIndex(slower(24, 12), { older: 0 });
    expect(files.map(({ path }) => path)).toEqual([
      'README.md',
      'charts/trend-1.light.svg',
      'charts/trend-1.dark.svg',
    ]);
    const [index, light] = files.map(({ content }) => content);
    expect(index).toContain('<img alt="Trend over 24 runs.');
    expect(index).toContain('<summary>The numbers by run:');
    expect(light).toContain('Duration p50 of rust at 00000000000c');
    expect(light?.match(/stroke-dasharray/g)).toHaveLength(1);
  });

  it('draws no cold starts of a run that started its environments once', () => {
    const of = (slots: number) =>
      slower(3, 9).map(({ folder, result }) => {
        const variants = result.variants.map((variant) => ({
          ...variant,
          summaries: variant.summaries.map((summary) => ({ ...summary, slots })),
        }));
        return { folder, result: { ...result, variants } };
      });
    const altOf = (slots: number) => /alt="[^"]*"/.exec(page(of(slots), { older: 0 }))?.[0];
    expect(altOf(30)).toContain('Cold start');
    expect(altOf(1)).toContain('Duration p50');
    expect(altOf(1)).not.toContain('Cold start');
  });

  it('says nothing of the sizes of an import, which nobody knows', () => {
    const imported = slower(3, 9).map(({ folder, result }) => {
      const variants = result.variants.map((variant) => ({ ...variant, memoryMb: null, architecture: null }));
      return { folder, result: { ...result, variants } };
    });
    const text = page(imported, { older: 0 });
    expect(text).not.toContain('null');
    expect(text).toContain(`### ${imported[0]?.result.provenance.target.label}\n`);
  });

  it('draws runs of other places and sizes apart, and pull requests not at all', () => {
    const elsewhere = slower(3, 9).map(({ folder, result }) => ({
      folder: `${folder}-2`,
      result: { ...result, variants: result.variants.map((variant) => ({ ...variant, memoryMb: 128 })) },
    }));
    const paths = renderIndex([...slower(3, 9), ...elsewhere, ofPull], { older: 0 }).map(({ path }) => path);
    expect(paths.filter((path) => path.endsWith('light.svg'))).toEqual([
      'charts/trend-1.light.svg',
      'charts/trend-2.light.svg',
    ]);
    expect(renderIndex([first, ofPull], { older: 0 })).toHaveLength(1);
  });
});

/** Runs a day apart, of which those from `step` on have a rust that takes 8 % more Duration. */
function slower(count: number, step: number) {
  return Array.from({ length: count }, (_, i) => {
    const result = at(
      new Date(Date.UTC(2026, 9, 1 + i)).toISOString(),
      i.toString(16).padStart(12, '0').padEnd(40, 'f'),
    );
    const noise = 1 + 0.004 * Math.sin(i * 2.4);
    for (const variant of result.variants)
      for (const summary of variant.summaries) {
        const level = variant.name === 'rust' && summary.metric === 'duration.p50' && i >= step ? 1.08 : 1;
        summary.slotMedian = (summary.slotMedian ?? 0) * noise * level;
      }
    return { folder: `reports/2026/run-${i}`, result };
  });
}

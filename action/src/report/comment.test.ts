import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { arbitraryResult, hostileText } from '../../test/fixtures/arbitrary-result.ts';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { dirtyControl } from '../../test/fixtures/dirty-control.ts';
import { headAgainstBase } from '../../test/fixtures/head-against-base.ts';
import { HOSTILE, hostile } from '../../test/fixtures/hostile.ts';
import { threeVariants } from '../../test/fixtures/three-variants.ts';
import type { Result } from '../result.ts';
import { bytesOf } from './budget.ts';
import { COMMENT_BYTES, type CommentOptions, renderComment, renderNotice } from './comment.ts';

const RAW = 'https://github.example/octo/functions/raw/0123abc/reports';
const OPTIONS: CommentOptions = {
  links: [{ label: 'Report', url: 'https://github.example/octo/functions/blob/0123abc/reports/report.md' }],
  charts: [
    {
      name: 'forest-1',
      alt: 'intervals',
      light: `${RAW}/intervals-light.svg`,
      dark: `${RAW}/intervals-dark.svg`,
    },
  ],
  notes: [],
};

const html = (markdown: string) =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

const OURS =
  /^<\/?(?:h[1-3]|p|strong|ul|li|details|summary|picture|table|thead|tbody|tr|t[hd](?: align="(?:left|right)")?)>$/;
const ADDRESS = 'https://github\\.example/[\\w./-]*';
const OUR_LINKS = new RegExp(
  `^<(?:/a|a href="${ADDRESS}"|source media="\\(prefers-color-scheme: dark\\)" srcset="${ADDRESS}"|img alt="[^"<>]*" src="${ADDRESS}" width="600")>$`,
);

function foreignTags(markdown: string): string[] {
  return (html(markdown).match(/<[^>]*>?/g) ?? []).filter((tag) => !OURS.test(tag) && !OUR_LINKS.test(tag));
}

/** A result with so many pairs and warnings that no comment can hold all of it. */
function enormous(pairs: number): Result {
  const result = clearVerdict();
  const [pair] = result.pairs;
  const warning = { code: 'w', message: 'x'.repeat(500), data: {} };
  return {
    ...result,
    pairs: Array.from({ length: pairs }, (_, i) => ({ ...pair!, head: `rust-${i}` })),
    warnings: Array.from({ length: 200 }, () => warning),
  };
}

describe('the comment', () => {
  it('begins with the verdict, shows the five metrics that decide, and folds the rest away', () => {
    const comment = renderComment(clearVerdict(), OPTIONS);
    const [shown = ''] = comment.split('<details>');
    expect(shown).toContain('**rust used 3.1x less Duration than python at p50**');
    const rows = shown.split('\n').filter((line) => /^\| [A-Z]/.test(line));
    expect(rows.map((row) => row.split('|')[1]?.trim())).toEqual([
      'Metric',
      'Duration p50 (ms)',
      'Duration p95 (ms)',
      'Billed Duration, mean (ms)',
      'Cold start (init + first call) (ms)',
      'Max Memory Used (MB)',
    ]);
    expect(comment).toContain('<summary>Cost per million invocations</summary>');
    expect(html(comment)).toContain(`<a href="${OPTIONS.links[0]?.url}">Report</a>`);
  });

  it('tells first what the pull request changed, with its chart, and last what only shows the noise', () => {
    const chart = (name: string) => ({
      name,
      alt: name,
      light: `${RAW}/${name}.light.svg`,
      dark: `${RAW}/${name}.dark.svg`,
    });
    const comment = renderComment(headAgainstBase(), {
      ...OPTIONS,
      charts: [chart('forest-1'), chart('forest-2')],
    });
    const places = [
      '**python used 3.5 % more',
      '**rust used 3.0x less',
      '**Control:',
      'forest-2.light.svg',
      '<details>',
      'forest-1.light.svg',
    ];
    const found = places.map((words) => comment.indexOf(words));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found[0]).toBeGreaterThan(0);
  });

  it('says before anything else why a result is not to be trusted', () => {
    const comment = renderComment(dirtyControl(), OPTIONS);
    const distrust = comment.indexOf('Not to be trusted');
    expect(distrust).toBeGreaterThan(0);
    expect(distrust).toBeLessThan(comment.indexOf('| Metric'));
  });

  it('shows charts in both colour schemes, and leaves out what is no web address', () => {
    expect(html(renderComment(clearVerdict(), OPTIONS))).toContain(`src="${RAW}/intervals-light.svg"`);
    const evil = {
      name: 'forest-1',
      alt: '"><script>',
      light: 'javascript:alert(1)',
      dark: 'data:text/html,x',
    };
    expect(renderComment(clearVerdict(), { ...OPTIONS, charts: [evil] })).not.toMatch(/script>|javascript:/);
  });

  it('keeps under its limit by leaving whole parts out, the least important first, and says which', () => {
    const comment = renderComment(enormous(20), OPTIONS);
    expect(bytesOf(comment)).toBeLessThanOrEqual(COMMENT_BYTES);
    expect(comment).toContain('Left out here for length:');
    expect(comment).toContain('**rust-0 used 3.1x less');
    expect(comment).toContain('**rust-19 used 3.1x less');
    expect(comment).toContain('[Report](');
    expect(foreignTags(comment)).toEqual([]);
  });

  it('still has a title, links and a note when not even the verdicts fit', () => {
    const comment = renderComment(enormous(1000), OPTIONS);
    expect(bytesOf(comment)).toBeLessThanOrEqual(COMMENT_BYTES);
    expect(comment).toMatch(/^## Lambda benchmark of 2 variants/);
    expect(comment).toMatch(/and \d+ more\. The report has them\./);
  });

  it.each([2000, 5000, 20_000])('fits into %i bytes whatever the result', (limitBytes) => {
    fc.assert(
      fc.property(arbitraryResult(), (result) => {
        const least = bytesOf(renderComment(result, { ...OPTIONS, limitBytes: 0 }));
        fc.pre(least <= limitBytes);
        expect(bytesOf(renderComment(result, { ...OPTIONS, limitBytes }))).toBeLessThanOrEqual(limitBytes);
      }),
      { numRuns: 15 },
    );
  });

  it('lets no word of a stranger become markup, a link, a mention or an image', () => {
    fc.assert(
      fc.property(arbitraryResult(), hostileText(), (result, note) => {
        const comment = renderComment(result, { ...OPTIONS, notes: [note] });
        expect(foreignTags(comment)).toEqual([]);
        expect(html(comment)).not.toMatch(/@[a-z\d]/i);
      }),
      { numRuns: 40 },
    );
  });

  it.each([clearVerdict(), threeVariants(), hostile(), dirtyControl()])(
    'is whole HTML (fixture %#)',
    (result) => {
      const rendered = html(renderComment(result, OPTIONS));
      for (const tag of ['details', 'summary', 'table', 'picture', 'p'])
        expect(rendered.split(`<${tag}>`).length).toBe(rendered.split(`</${tag}>`).length);
    },
  );
});

describe('the notice of a run without a result', () => {
  it('shows words of a stranger as words', () => {
    const notice = renderNotice({ title: HOSTILE[1], sentences: HOSTILE, links: OPTIONS.links });
    expect(foreignTags(notice)).toEqual([]);
    expect(html(notice)).toContain('&lt;script&gt;');
  });
});

import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { arbitraryResult } from '../../test/fixtures/arbitrary-result.ts';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { dirtyControl } from '../../test/fixtures/dirty-control.ts';
import { headAgainstBase } from '../../test/fixtures/head-against-base.ts';
import { hostile } from '../../test/fixtures/hostile.ts';
import { threeVariants } from '../../test/fixtures/three-variants.ts';
import { ResultSchema } from '../result.ts';
import { parseResult, serialize } from './json.ts';
import { renderMarkdown } from './markdown.ts';

const FIXTURES = {
  'clear-verdict': clearVerdict,
  'three-variants': threeVariants,
  hostile,
  'dirty-control': dirtyControl,
  'head-against-base': headAgainstBase,
};

/** All that a report may become; attributes of tables are GFM's own. */
const ALLOWED_TAG =
  /^<\/?(?:h[1-3]|p|strong|ul|li|details|summary|table|thead|tbody|tr|t[hd](?: align="(?:left|right)")?|picture)>$/;
const ALLOWED_IMAGE =
  /^<(?:source media="\(prefers-color-scheme: dark\)" srcset|img alt="[^"<>]*" src)="charts\/[a-z]+(?:-[a-z0-9]+)*\.(?:light|dark)\.svg"(?: width="600")?>$/;

function html(markdown: string): string {
  return micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
}

function foreignTags(markdown: string): string[] {
  return (html(markdown).match(/<[^>]*>?/g) ?? []).filter(
    (tag) => !ALLOWED_TAG.test(tag) && !ALLOWED_IMAGE.test(tag),
  );
}

/** Cells per row of every table: GFM silently drops or pads cells, so they are counted in the source. */
function ragged(markdown: string): string[] {
  const rows = markdown.split('\n');
  return rows.filter(
    (row, i) =>
      row.startsWith('|') && rows[i - 1]?.startsWith('|') && cells(row) !== cells(rows[i - 1] ?? ''),
  );
}

function cells(row: string): number {
  return row.replaceAll(/\\./g, '').split('|').length;
}

describe.each(Object.entries(FIXTURES))('the report of %s', (name, fixture) => {
  it('is, byte for byte, the golden file', async () => {
    await expect(renderMarkdown(fixture())).toMatchFileSnapshot(`../../test/golden/${name}.md`);
  });

  it('is made from a result that the schema accepts', () => {
    expect(ResultSchema.safeParse(fixture()).error).toBeUndefined();
  });

  it('is the same from the stored result as from the result read and stored again', () => {
    const stored = serialize(fixture());
    expect(renderMarkdown(parseResult(serialize(parseResult(stored))))).toBe(
      renderMarkdown(parseResult(stored)),
    );
  });

  it('has whole tables and no markup but its own', () => {
    expect(ragged(renderMarkdown(fixture()))).toEqual([]);
    expect(foreignTags(renderMarkdown(fixture()))).toEqual([]);
  });
});

describe('the report of a hostile result', () => {
  it('shows every attack as the text it is', () => {
    const shown = html(renderMarkdown(hostile()));
    expect(shown).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(shown).toContain('**bold** _em_ ~~strike~~ `code`');
    expect(shown).not.toMatch(/@(octocat|github)|https?:\/\/|www\.|#\d|GH-\d/);
  });

  it('opens and closes as many folds as it has', () => {
    const report = renderMarkdown(hostile());
    expect(report.match(/^<details>$/gm)?.length).toBe(report.match(/^<\/details>$/gm)?.length);
  });

  it('says why it is not to be trusted before any verdict', () => {
    const report = renderMarkdown(hostile());
    expect(report.indexOf('Not to be trusted')).toBeGreaterThan(0);
    expect(report.indexOf('Not to be trusted')).toBeLessThan(report.indexOf('Insufficient data'));
  });
});

describe('the report of any result', () => {
  it('has whole tables, no markup but its own, and no number that is none', () => {
    fc.assert(
      fc.property(arbitraryResult(), (result) => {
        const report = renderMarkdown(result);
        expect(report).not.toMatch(/NaN|undefined|Infinity|null/);
        expect(ragged(report)).toEqual([]);
        expect(foreignTags(report)).toEqual([]);
        expect(report).not.toMatch(/@\w|[a-z]:\/\/|www\./);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it('is the same every time', () => {
    fc.assert(
      fc.property(arbitraryResult(), (result) => {
        expect(renderMarkdown(structuredClone(result))).toBe(renderMarkdown(result));
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });
});

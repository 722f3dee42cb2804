import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { arbitraryResult } from '../../../test/fixtures/arbitrary-result.ts';
import { clearVerdict } from '../../../test/fixtures/clear-verdict.ts';
import { dirtyControl } from '../../../test/fixtures/dirty-control.ts';
import { headAgainstBase } from '../../../test/fixtures/head-against-base.ts';
import { hostile } from '../../../test/fixtures/hostile.ts';
import { unknownComparison } from '../../../test/fixtures/result-builder.ts';
import { sweep } from '../../../test/fixtures/sweep.ts';
import { threeVariants } from '../../../test/fixtures/three-variants.ts';
import type { Result } from '../../result.ts';
import { parseResult, serialize } from '../json.ts';
import { renderMarkdown } from '../markdown.ts';
import { chartFiles, chartsOf } from './charts.ts';

const FIXTURES = {
  'clear-verdict': clearVerdict,
  'three-variants': threeVariants,
  hostile,
  'dirty-control': dirtyControl,
  'head-against-base': headAgainstBase,
  sweep,
};
const LARGEST_BYTES = 60_000;

/** Every element and attribute of a document; throws where it is not well-formed. */
function marksOf(svg: string): { name: string; attributes: Record<string, string> }[] {
  const marks: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => marks.push({ name, attributes }));
  parser.write(svg).close();
  return marks;
}

const DRAWN = ['svg', 'g', 'rect', 'line', 'circle', 'path', 'text', 'title'];

function nameOf(path: string): string {
  return path.replace(/^charts\//, '');
}

describe.each(Object.entries(FIXTURES))('the charts of %s', (name, fixture) => {
  it('are, byte for byte, the golden files', async () => {
    for (const { path, content } of chartFiles(fixture()))
      await expect(content).toMatchFileSnapshot(`../../../test/golden/charts/${name}/${nameOf(path)}`);
  });

  it('are the same from the stored result', () => {
    const stored = parseResult(serialize(fixture()));
    expect(chartFiles(parseResult(serialize(stored)))).toEqual(chartFiles(stored));
  });

  it('are exactly the pictures that its report shows', () => {
    const shown = [...renderMarkdown(fixture()).matchAll(/(?:src|srcset)="([^"]+)"/g)].map(
      (match) => match[1],
    );
    expect(shown.sort()).toEqual(
      chartFiles(fixture())
        .map(({ path }) => path)
        .sort(),
    );
  });

  it('are well-formed, small, and draw marks only', () => {
    for (const { content } of chartFiles(fixture())) {
      expect(Buffer.byteLength(content)).toBeLessThanOrEqual(LARGEST_BYTES);
      expect(marksOf(content).filter((mark) => !DRAWN.includes(mark.name))).toEqual([]);
    }
  });
});

describe('a chart', () => {
  it('says in words what it shows', () => {
    const [forest] = chartsOf(clearVerdict());
    expect(forest?.title).toBe('rust used 3.1x less Duration than python at p50');
    expect(forest?.alt).toContain('Duration p50: 3.1x less (95 % CI 2.9-3.3x less), better');
  });

  it('gives a variant the same colour in every picture, and its own', () => {
    const colours = new Map<string, Set<string>>();
    for (const { content } of chartFiles(threeVariants()).filter(({ path }) => path.includes('light')))
      for (const [name, colour] of coloured(content))
        colours.set(name, (colours.get(name) ?? new Set()).add(colour));
    expect([...colours].map(([name, used]) => [name, [...used]])).toEqual(
      expect.arrayContaining([
        ['node', ['#0072b2']],
        ['node-bundled', ['#d55e00']],
        ['go', ['#009e73']],
      ]),
    );
  });

  it('says `same` at 1 and draws the margin around it', () => {
    const forest = chartFiles(clearVerdict()).find(({ path }) => path === 'charts/forest-1.light.svg')!;
    expect(forest.content).toContain('>same</text>');
    expect(marksOf(forest.content).filter(({ attributes }) => attributes.fill === '#e7ebef')).toHaveLength(
      clearVerdict().pairs[0]!.comparisons.length,
    );
  });

  it('says in whole words who used less, wherever the ratios lie', () => {
    for (const fixture of [clearVerdict, dirtyControl, headAgainstBase, sweep, threeVariants]) {
      const result = fixture();
      const files = chartFiles(result);
      for (const [i, { base, head }] of result.pairs.entries()) {
        const forest = files.find(({ path }) => path === `charts/forest-${i + 1}.light.svg`)!.content;
        expect(forest).toContain(`>◀ ${head} used less<`);
        expect(forest).toContain(`>${base} used less ▶<`);
      }
    }
  });

  it('names a metric that decides though nothing is known of it', () => {
    const result = clearVerdict();
    const [pair] = result.pairs;
    pair!.comparisons = [
      ...pair!.comparisons.slice(1),
      unknownComparison('duration.p50', 'not available', 30),
    ];
    const forest = chartFiles(result).find(({ path }) => path === 'charts/forest-1.light.svg')!.content;
    expect(forest).toMatch(/>Duration p50<\/text><text[^>]*>n\/a</);
  });

  it('of a soak of six variants and two hours stays small', () => {
    const result = threeVariants();
    const minutes = Array.from({ length: 120 }, (_, minute) => ({
      ...result.variants[0]!.perMinute[minute % 24]!,
      minute,
    }));
    result.variants = [...result.variants, ...result.variants].map((variant) => ({
      ...variant,
      perMinute: minutes,
    }));
    const sizes = chartFiles(result).map(({ content }) => Buffer.byteLength(content));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(LARGEST_BYTES);
  });

  it('of an old result, without quantiles and starts, shows what its tables know', () => {
    const old = withoutSamples(clearVerdict());
    const names = chartsOf(old).map(({ name }) => name);
    expect(names).toEqual(chartsOf(clearVerdict()).map(({ name }) => name));
    const distribution = chartFiles(old).find(({ path }) => path.includes('distribution'))!.content;
    expect(distribution).toContain('>p95</text>');
    expect(distribution).not.toContain('>p10</text>');
  });
});

/** Names beside a swatch, with its colour. */
function coloured(svg: string): [string, string][] {
  const swatches = svg.matchAll(/width="12" height="12" rx="2" fill="(#[0-9a-f]{6})"\/><text[^>]*>([^<]+)</g);
  return [...swatches].map((match) => [match[2]!.replace(' first', ''), match[1]!]);
}

function withoutSamples(result: Result): Result {
  const variants = result.variants.map(
    ({ durationQuantiles: _, cold: { starts: __, ...cold }, ...variant }) => ({ ...variant, cold }),
  );
  return { ...result, variants };
}

it('draws any result: well-formed, without a number that is none, within the picture', () => {
  fc.assert(
    fc.property(arbitraryResult(), (result) => {
      for (const { content } of chartFiles(result)) {
        expect(content).not.toMatch(/NaN|undefined|Infinity|null/);
        expect(Buffer.byteLength(content)).toBeLessThanOrEqual(LARGEST_BYTES);
        for (const { name, attributes } of marksOf(content))
          if (name === 'circle') expect(Number(attributes.cx)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 150, endOnFailure: true },
  );
});

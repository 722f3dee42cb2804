import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, strFromU8 } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearVerdict } from '../../../test/fixtures/clear-verdict.ts';
import { hostile } from '../../../test/fixtures/hostile.ts';
import { manyRuns } from '../../../test/fixtures/many-runs.ts';
import { chartsOf } from '../../report/charts/charts.ts';
import { trendChart } from '../../report/charts/trend.ts';
import { serialize } from '../../report/json.ts';
import { distrust, headline } from '../../report/sentences.ts';
import { main } from '../site.ts';
import { parseAddress, writeAddress } from './client/address.ts';
import { matching, optionsOf } from './client/select.ts';
import { listed, type SiteData, slimmed } from './kept.ts';
import { sitePage } from './page.ts';

function dataOf(page: string): SiteData {
  const packed = /id="data">([^<]*)</.exec(page)?.[1] ?? '';
  return JSON.parse(strFromU8(gunzipSync(Buffer.from(packed, 'base64'))));
}

describe('the page', () => {
  it('is the same bytes for the same results', async () => {
    const runs = manyRuns(3);
    expect(await sitePage(runs, { base: '.' })).toBe(await sitePage(structuredClone(runs), { base: '.' }));
  });

  it('stays under 500 kB without its data, and names no address to load anything from', async () => {
    const page = await sitePage([], { base: '.' });
    expect(Buffer.byteLength(page)).toBeLessThan(500_000);
    expect([...page.matchAll(/<(?:script|link|img|iframe)[^>]*(?:src|href)="(?!data:)/g)]).toEqual([]);
    expect(page).toContain("default-src 'none'");
  });

  it('holds what a stranger wrote as data only', async () => {
    const result = hostile();
    const page = await sitePage([{ folder: 'x', result }], { base: '.' });
    expect(page).not.toContain('onerror');
    expect(dataOf(page).runs[0]?.result.variants[0]?.name).toBe(result.variants[0]?.name);
  });

  it('lists a run with the verdicts and the trend of the whole result', () => {
    for (const { result } of manyRuns(2)) {
      expect(listed(result).pairs.map((pair) => headline(listed(result), pair))).toEqual(
        result.pairs.map((pair) => headline(result, pair)),
      );
      expect(trendChart([listed(result), listed(result)], 1)[0]?.alt).toBe(
        trendChart([result, result], 1)[0]?.alt,
      );
    }
    expect(distrust(listed(hostile()))).toEqual(distrust(hostile()));
  });

  it('keeps of a result what its pictures need', () => {
    for (const { result } of manyRuns(2))
      expect(chartsOf(slimmed(result)).map(({ name, title }) => [name, title])).toEqual(
        chartsOf(result).map(({ name, title }) => [name, title]),
      );
  });
});

describe('an address', () => {
  it('leads back to what was chosen, whatever a name holds', () => {
    const address = { q: 'a&b=#c', filters: { variant: 'x y&run=z', memory: '512 MB' }, run: '2026/a b' };
    expect(parseAddress(writeAddress(address))).toEqual(address);
    expect(parseAddress('')).toEqual({ q: '', filters: {}, run: null });
  });

  it('selects runs that have every word and every filter', () => {
    const runs = manyRuns(30);
    expect(optionsOf(runs, 'memory')).toEqual(['512 MB', '1769 MB']);
    expect(matching(runs, { q: 'RUST 3.1x', filters: { memory: '512 MB' }, run: null }).length).toBe(
      runs.filter((_, i) => i % 5 !== 0 && i % 3 === 0).length,
    );
    expect(matching(runs, { q: 'nowhere', filters: {}, run: null })).toEqual([]);
  });

  it('has no memory to choose of an import, whose memory nobody knows', () => {
    const imported = manyRuns(1).map(({ folder, result }) => {
      const variants = result.variants.map((variant) => ({ ...variant, memoryMb: null }));
      return { folder, result: { ...result, variants } };
    });
    expect(optionsOf(imported, 'memory')).toEqual([]);
  });
});

describe('npm run site', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duel-site-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const place = () => ({ root: folder, cwd: folder });

  it('makes a page of what lies below reports, links it from there, and leaves out what cannot be read', async () => {
    for (const [name, content] of [
      ['good', serialize(clearVerdict())],
      ['bad', '{"schemaVersion": 9}'],
    ] as const) {
      await mkdir(join(folder, 'reports', '2026', name), { recursive: true });
      await writeFile(join(folder, 'reports', '2026', name, 'result.json'), content);
    }
    expect(await main([], place())).toBe(0);
    const { runs, base } = dataOf(await readFile(join(folder, 'dist/site/index.html'), 'utf8'));
    expect(runs.map((run) => run.folder)).toEqual(['2026/good']);
    expect(base).toBe('../../reports');
  });

  it.each([
    ['no folder', ['--reports', 'nowhere']],
    ['a folder without results', ['--reports', '.']],
    ['an unknown option', ['--colour']],
  ])('refuses %s as bad usage', async (_, argv) => {
    expect(await main(argv, place())).toBe(2);
  });
});

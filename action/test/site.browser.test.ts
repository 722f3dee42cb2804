import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sitePage } from '../src/commands/site/page.ts';
import { findBrowser } from './browser.ts';
import { manyRuns } from './fixtures/many-runs.ts';

const RUNS = 500;
/** A busy machine is slow, not wrong. */
const PATIENCE_MS = 180_000;

let folder: string;
let url: string;
let browser: Browser;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duel-site-'));
  const path = join(folder, 'index.html');
  await writeFile(path, await sitePage(manyRuns(RUNS), { base: '../reports' }));
  url = pathToFileURL(path).href;
  // Containers run it as root, where its own sandbox cannot start.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  browser = await chromium.launch({ executablePath: findBrowser() ?? 'chromium', args });
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

let page: Page;
let complaints: string[];
let requests: string[];
beforeEach(async () => {
  page = await browser.newPage({ colorScheme: 'light' });
  page.setDefaultTimeout(PATIENCE_MS);
  complaints = [];
  requests = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
});
afterEach(async () => {
  expect(complaints).toEqual([]);
  expect(requests.filter((request) => !request.startsWith(url) && !request.startsWith('data:'))).toEqual([]);
  await page.close();
});

const rows = () => page.locator('tbody tr').count();
const status = () => page.getByRole('status').textContent();

async function violations(): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
  expect(passes.length).toBeGreaterThan(10);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

describe('the site with 500 runs, from a file', { timeout: PATIENCE_MS }, () => {
  it('lists them all, newest first, below their trend', async () => {
    expect(await status()).toBe('500 runs of 500');
    expect(await rows()).toBe(RUNS);
    expect(await page.locator('tbody tr').first().textContent()).toContain('2026-11-20 00:00:00 UTC');
    expect(await page.locator('figure svg').first().getAttribute('aria-label')).toContain(
      'Trend over 60 runs',
    );
  });

  it('filters by profile, variant and memory, and says how many are left', async () => {
    await page.getByLabel('Profile').selectOption('soak');
    expect(await status()).toBe('100 runs of 500');
    await page.getByLabel('Variant').selectOption('python');
    expect(await page.locator('main').textContent()).toContain('No run matches');
    await page.getByLabel('Profile').selectOption('');
    await page.getByLabel('Memory').selectOption('512 MB');
    expect(await rows()).toBe(manyRuns(RUNS).filter((_, i) => i % 5 !== 0 && i % 3 === 0).length);
  });

  it('searches as one types, and keeps the search in an address that leads back to it', async () => {
    const run = manyRuns(RUNS)[321]!;
    await page.getByLabel('Search').pressSequentially(`${run.result.provenance.commit?.slice(0, 9)} 3.1x`);
    expect(await status()).toBe('1 run of 500');
    await page.reload();
    expect(await status()).toBe('1 run of 500');
    expect(await page.getByLabel('Search').inputValue()).toContain('3.1x');
  });

  it('is used by keyboard alone: into a run, and back', async () => {
    await page.getByLabel('Search').focus();
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(`document.activeElement?.closest('tbody') !== null`)) break;
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 2 }).waitFor();
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('H2');
    await page.keyboard.press('Escape');
    await page.getByRole('status').waitFor();
    expect(await rows()).toBe(RUNS);
  });

  it('shows a run by its permalink: verdict, pictures, numbers, and where its report lies', async () => {
    const { folder: name } = manyRuns(RUNS)[1]!;
    await page.goto(`${url}#run=${name}`);
    await page.getByRole('heading', { level: 2 }).waitFor();
    const text = (await page.locator('main').textContent()) ?? '';
    expect(text).toContain(
      'rust used 3.1x less Duration than python at p50 (95 % CI 2.9-3.3x less, 30 blocks)',
    );
    expect(await page.locator('figure svg').count()).toBe(6);
    expect(await page.locator('tbody tr').count()).toBe(11);
    expect(await page.getByRole('link', { name: 'Full report' }).getAttribute('href')).toBe(
      `../reports/${name}/report.md`,
    );
    expect(await page.title()).toContain(name);
  });

  it('says the value under the pointer', async () => {
    await page.goto(`${url}#run=${manyRuns(RUNS)[1]!.folder}`);
    await page.locator('figure [data-value^="Duration p50"] circle').hover();
    expect(await page.locator('.bubble').textContent()).toBe(
      'Duration p50: 3.1x less (95 % CI 2.9-3.3x less), better',
    );
  });

  it('is dark when the reader is, or wants to be', async () => {
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const picture = () => page.locator('figure svg > rect').first().getAttribute('fill');
    expect([await background(), await picture()]).toEqual(['rgb(255, 255, 255)', '#ffffff']);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect([await background(), await picture()]).toEqual(['rgb(13, 17, 23)', '#0d1117']);
    await page.getByRole('button', { name: 'Use light colours' }).click();
    expect([await background(), await picture()]).toEqual(['rgb(255, 255, 255)', '#ffffff']);
  });

  it('fits a telephone without scrolling sideways', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    for (const hash of ['', `#run=${manyRuns(RUNS)[1]!.folder}`]) {
      await page.goto(`${url}${hash}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    }
  });

  it.each(['light', 'dark'] as const)('has no fault that axe finds, in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.getByLabel('Search').fill('2026-11-19');
    expect(await violations()).toEqual([]);
    await page.goto(`${url}#run=${manyRuns(RUNS)[5]!.folder}`);
    await page.getByRole('heading', { level: 2 }).waitFor();
    expect(await violations()).toEqual([]);
  });
});

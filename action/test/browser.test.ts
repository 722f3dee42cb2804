import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrowser } from './browser.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duel-path-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the browser that the site is tested in', () => {
  it('is a Chromium on PATH, and nothing else of that name', async () => {
    const path = ['/nowhere', folder].join(delimiter);
    expect(findBrowser(path)).toBeNull();
    await writeFile(join(folder, 'google-chrome'), '');
    expect(findBrowser(path)).toBeNull();
    await chmod(join(folder, 'google-chrome'), 0o755);
    expect(findBrowser(path)).toBe(join(folder, 'google-chrome'));
  });
});

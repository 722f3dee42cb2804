import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { serialize } from '../report/json.ts';
import { main } from './report.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duel-report-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function keep(...path: string[]): Promise<string> {
  await mkdir(join(folder, ...path), { recursive: true });
  const file = join(folder, ...path, 'result.json');
  await writeFile(file, serialize(clearVerdict()));
  return file;
}

async function bytesOf(place: string): Promise<Record<string, string>> {
  const names = (await readdir(place, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const files = names.map(async ({ parentPath, name }) => [
    name,
    await readFile(join(parentPath, name), 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(files));
}

describe('npm run report', () => {
  it('writes the report and every picture it shows, the same bytes each time', async () => {
    const file = await keep('run');
    expect(await main([file], { cwd: folder })).toBe(0);
    expect(await main(['run/result.json', '--out', 'again'], { cwd: folder })).toBe(0);
    const { 'result.json': _, ...first } = await bytesOf(join(folder, 'run'));
    expect(await bytesOf(join(folder, 'again'))).toEqual(first);
    const shown = [...first['report.md']!.matchAll(/charts\/([\w.-]+)/g)].map(([, name]) => name);
    expect(Object.keys(first).sort()).toEqual([...shown, 'report.md'].sort());
  });

  it('renders the index of committed reports only', async () => {
    await keep('reports', '2026', '2026-11-20-0123456-pr');
    await keep('reports', '2026', '2026-11-21-0123456-pr');
    await keep('reports', 'local', '2026-11-22-0123456-pr');
    expect(await main(['--index', 'reports'], { cwd: folder })).toBe(0);
    const index = await readFile(join(folder, 'reports', 'README.md'), 'utf8');
    expect(index).toContain('2 runs, newest first');
    expect(index).not.toContain('local/');
    expect(await readdir(join(folder, 'reports', 'charts'))).toEqual([
      'trend-1.dark.svg',
      'trend-1.light.svg',
    ]);
  });

  it.each([[[]], [['a', 'b']], [['--index', 'x', 'y']], [['nowhere.json']]])(
    'refuses %j as bad usage',
    async (argv) => {
      expect(await main(argv, { cwd: folder })).toBe(2);
    },
  );
});

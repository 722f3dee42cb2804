import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const SETUP = readFileSync(join(ROOT, 'action/setup.mjs'), 'utf8');

/** `npm test` takes every word for a filter of test files; the others take all from a job's environment. */
const WITHOUT_OPTIONS = ['publish-artifact', 'rerun', 'test'];

/** Entry by command. */
const all = [...SETUP.matchAll(/^ {2}'?([\w:-]+)'?: '(action\/.+\.ts)',$/gm)].map(([, name, file]) => ({
  name: name!,
  file: join(ROOT, file!),
}));
/** Of any other, `main` would do its work whatever it was asked. */
const commands = all.filter(({ file }) => /parse(Options|Arguments)\(/.test(readFileSync(file, 'utf8')));

type Main = (argv: readonly string[], place: { root: string; cwd: string }) => Promise<number>;

describe('a command', () => {
  it('is found with its entry', () => {
    expect(commands.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['bench', 'report', 'setup:aws']),
    );
  });

  it('looks at what was typed after it', () => {
    const others = all.filter((command) => !commands.includes(command));
    expect(others.map(({ name }) => name).sort()).toEqual(WITHOUT_OPTIONS);
  });

  it.each(commands)('$name tells how it is used', async ({ name, file }) => {
    const { main } = (await import(file)) as { main: Main };
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const code = await main(['--help'], { root: ROOT, cwd: ROOT });
    const text = written.mock.calls.map(([chunk]) => String(chunk)).join('');
    written.mockRestore();
    expect(code).toBe(0);
    expect(text).toMatch(new RegExp(`^Usage: npm run ${name}\\b`));
  });
});

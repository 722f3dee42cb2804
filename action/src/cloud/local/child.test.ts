import { execa } from 'execa';
import { expect, it } from 'vitest';

const CHILD = new URL('./child.ts', import.meta.url).href;

/** Uses up all file descriptors, then starts a child. */
const SCRIPT = `
  import { openSync } from 'node:fs';
  const { Child } = await import(${JSON.stringify(CHILD)});
  try { for (;;) openSync('/dev/null'); } catch {}
  const child = new Child({ argv: ['true'], cwd: '/', env: {} });
  const told = { exit: await child.exited, started: await child.started, words: await child.lastWords() };
  process.stdout.write(JSON.stringify(told));
`;

it.runIf(process.platform !== 'win32')(
  'a child that there is no file descriptor for has ended, and says so',
  async () => {
    const node = [
      process.execPath,
      '--import',
      import.meta.resolve('tsx/esm'),
      '--input-type=module',
      '-e',
      SCRIPT,
    ];
    const { stdout } = await execa('/bin/sh', ['-c', 'ulimit -n 512; exec "$@"', 'sh', ...node]);
    const told = JSON.parse(stdout) as { exit: unknown; started: unknown; words: string };
    expect(told).toMatchObject({ exit: { code: null, signal: null }, started: null });
    expect(told.words).toContain('EMFILE');
  },
);

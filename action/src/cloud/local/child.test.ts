import { execa } from 'execa';
import { expect, it } from 'vitest';

const CHILD = new URL('./child.ts', import.meta.url).href;

/** A process of its own that runs `script` as a module. */
const node = (script: string) => [
  process.execPath,
  '--import',
  import.meta.resolve('tsx/esm'),
  '--input-type=module',
  '-e',
  script,
];

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
    const { stdout } = await execa('/bin/sh', ['-c', 'ulimit -n 512; exec "$@"', 'sh', ...node(SCRIPT)]);
    const told = JSON.parse(stdout) as { exit: unknown; started: unknown; words: string };
    expect(told).toMatchObject({ exit: { code: null, signal: null }, started: null });
    expect(told.words).toContain('EMFILE');
  },
);

/** Leaves a process in a session of its own, which holds the pipes, and says its id. */
const LEAVES = `
  const { spawn } = require('node:child_process');
  const left = spawn('sleep', ['30'], { detached: true, stdio: 'inherit' });
  left.unref();
  process.stdout.write(String(left.pid));
`;
const OUTLIVED = `
  const { Child } = await import(${JSON.stringify(CHILD)});
  const env = { PATH: process.env.PATH };
  const child = new Child({ argv: [process.execPath, '-e', ${JSON.stringify(LEAVES)}], cwd: '/', env });
  process.stdout.write(await child.lastWords());
`;

it('what a child left in a session of its own does not keep us from ending', async () => {
  const [program, ...words] = node(OUTLIVED) as [string, ...string[]];
  const { timedOut, stdout } = await execa(program, words, { reject: false, timeout: 15_000 });
  process.kill(Number(stdout), 'SIGKILL'); // it throws when nothing was left, and nothing was tested
  expect(timedOut).toBe(false);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { execute } from './execute.ts';
import { words } from './fuzz.ts';
import { must, orRefusal, target } from './target.ts';
import { targetsIn } from './targets.ts';

const folder = mkdtempSync(join(tmpdir(), 'lambda-duel-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same inputs every time: `npm run fuzz` looks for new ones. */
const SEED = 1;
const { signal } = new AbortController();
const budget = (executions: number) => ({ executions, ms: 60_000, signal });

describe('any input', () => {
  it.each(targetsIn(folder).map((each) => [each.name, each] as const))(
    'leaves the promises of %s kept',
    async (_, each) => {
      const { finding, executions } = await execute(each, SEED, budget(each.short), () => {});
      expect(finding === null ? '' : words(each.name, finding)).toBe('');
      expect(executions).toBe(each.short);
    },
  );
});

describe('a broken promise', () => {
  const odd = target('odd', 500, fc.nat(), (n) => must(n < 1000, 'small'));

  it('is found, made small, and found again by its seed', async () => {
    const { finding, executions } = await execute(odd, SEED, budget(5000), () => {});
    expect(finding).toMatchObject({ input: '1000' });
    expect(finding?.error).toContain('small');
    expect(executions).toBeLessThan(5000);
    const again = await execute(odd, finding!.seed, budget(5000), () => {});
    expect(again.finding?.input).toBe('1000');
  });

  it('is an error that is none of ours, too', async () => {
    const refusing = target('refusing', 10, fc.nat(), async () => {
      await orRefusal(() => JSON.parse('{'));
    });
    expect((await execute(refusing, SEED, budget(10), () => {})).finding?.error).toContain('SyntaxError');
  });
});

it('an execution that never returns is told, with its seed, and ended', async () => {
  const watchdog = JSON.stringify(new URL('./watchdog.mjs', import.meta.url));
  const source = `
    const { Worker } = require('node:worker_threads');
    const shared = new Uint32Array(new SharedArrayBuffer(12));
    shared.set([1, 0, 77]);
    new Worker(new URL(${watchdog}), { workerData: { beat: shared, names: ['slow'], mostCpuSeconds: 0.5 } }).unref();
    setTimeout(() => { for (;;); }, 200);`;
  const { signal, stderr } = await execa(process.execPath, ['-e', source], {
    reject: false,
  });
  expect(stderr).toContain('FINDING slow: hangs. Again: npm run fuzz -- --only slow --seed 77');
  expect(signal).toBe('SIGKILL');
});

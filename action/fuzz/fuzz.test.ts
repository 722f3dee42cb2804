import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
const budget = (executions: number) => ({ executions, ms: 60_000 });

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

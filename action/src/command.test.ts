import { once } from 'node:events';
import { execa } from 'execa';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { run } from './command.ts';
import { DeployError, LoadError } from './errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Says a good deal while it clears away. */
const CLEARS = `
  const { run } = await import(${JSON.stringify(new URL('./command.ts', import.meta.url).href)});
  const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
  process.exitCode = await run(async (signal) => {
    const stay = setInterval(() => {}, 1000);
    process.stderr.write('begun\\n');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    for (let step = 0; step < 5; step++) {
      await turn();
      process.stderr.write('clearing away\\n');
    }
    clearInterval(stay);
    process.stdout.write('cleared');
    throw signal.reason;
  });
`;

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a run of the command writes to stderr, and its exit code. */
async function told(command: (signal: AbortSignal) => Promise<number>) {
  let text = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    text += chunk.toString();
    return true;
  });
  const code = await run(command);
  vi.restoreAllMocks();
  return { code, text };
}

/** A deployment that cannot be taken down. */
function stuck(): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      throw new DeployError('A stack is still there.', 'Delete it.');
    },
  };
}

describe('a command', () => {
  it('that fails, and whose clearing away fails then, tells both, the first first', async () => {
    const { code, text } = await told(async () => {
      await using _deployment = stuck();
      throw new LoadError('k6 died.', 'Run again.');
    });
    expect(code).toBe(1);
    expect(text).toMatch(
      /LoadError: k6 died\.\nRun again\.\n\nDeployError: A stack is still there\.\nDelete it\.\n/,
    );
    expect(text).not.toContain('defect');
  });

  it.each(SIGNALS)(
    'that %s ends tells so, not what follows, but what could not be cleared away',
    async (name) => {
      const { code, text } = await told(async (signal) => {
        await using _deployment = stuck();
        process.kill(process.pid, name);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new Error('aborted');
      });
      expect(code).toBe(130);
      expect(text).toMatch(/InterruptedError: Interrupted by SIG[\s\S]*DeployError: A stack is still there/);
      expect(text).toContain(name);
      expect(text).not.toContain('aborted');
    },
  );

  it('whose terminal is closed clears away though nobody reads what it says', async () => {
    const [program, ...words] = [process.execPath, '--import', import.meta.resolve('tsx/esm')];
    const child = execa(program, [...words, '--input-type=module', '-e', CLEARS], { reject: false });
    await once(child.stderr, 'data');
    child.stderr.destroy();
    child.kill('SIGHUP');
    expect(await child).toMatchObject({ exitCode: 130, stdout: 'cleared' });
  });
});

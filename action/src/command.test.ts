import { afterEach, describe, expect, it, vi } from 'vitest';
import { run } from './command.ts';
import { DeployError, LoadError } from './errors.ts';

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

  it('that is interrupted tells so, not what follows from it, but what could not be cleared away', async () => {
    const { code, text } = await told(async (signal) => {
      await using _deployment = stuck();
      process.kill(process.pid, 'SIGTERM');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new Error('aborted');
    });
    expect(code).toBe(130);
    expect(text).toMatch(
      /InterruptedError: Interrupted by SIGTERM[\s\S]*DeployError: A stack is still there/,
    );
    expect(text).not.toContain('aborted');
  });
});

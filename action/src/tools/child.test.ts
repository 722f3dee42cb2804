import { getPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runChild } from './child.ts';

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a child process', () => {
  it('is not told the files by which a step changes what the next ones get', async () => {
    for (const name of ['ENV', 'PATH', 'STATE', 'OUTPUT', 'STEP_SUMMARY']) vi.stubEnv(`GITHUB_${name}`, '/f');
    vi.stubEnv('GITHUB_SHA', 'abc');
    const { signal } = new AbortController();
    const { stdout } = await runChild('sh', ['-c', 'env | grep ^GITHUB_'], { signal, env: { A: '1' } });
    expect(stdout).not.toContain('=/f');
    expect(stdout).toContain('GITHUB_SHA=abc');
  });

  it('gives its output and whether it succeeded', async () => {
    const { signal } = new AbortController();
    const outcome = await runChild('sh', ['-c', 'echo out; echo err >&2; exit 3'], { signal });
    expect(outcome).toMatchObject({ ok: false, stdout: 'out' });
    expect(outcome.output).toContain('err');
  });

  it('ends with its own children when aborted, and the reason is thrown', async () => {
    const controller = new AbortController();
    let printed = '';
    const onText = (text: string) => {
      printed += text;
      if (/\d+\n/.test(printed)) controller.abort(new Error('enough'));
    };
    const args = ['-c', 'sleep 300 & echo $!; wait'];
    await expect(runChild('sh', args, { signal: controller.signal, onText })).rejects.toThrow('enough');
    const grandchild = Number(printed);
    for (let tries = 0; alive(grandchild) && tries < 100; tries++) await sleep(20);
    expect(alive(grandchild)).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'in the background gives way, and so do its own children',
    async () => {
      const { signal } = new AbortController();
      const niceness =
        'sh -c "sleep 0.1; cut -d\\  -f19 /proc/self/stat; cat /proc/self/autogroup 2>/dev/null; true"';
      const behind = await runChild('sh', ['-c', niceness], { signal, background: true });
      expect(behind.stdout.trim()).toMatch(/^19(\n\/autogroup-\d+ nice 19)?$/);
      const beside = await runChild('sh', ['-c', niceness], { signal });
      expect(beside.stdout.split('\n')[0]).toBe(`${getPriority()}`);
    },
  );

  it('that cannot be started is named', async () => {
    const { signal } = new AbortController();
    await expect(runChild('no-such-program', [], { signal })).rejects.toThrow(
      'no-such-program cannot be started.',
    );
  });
});

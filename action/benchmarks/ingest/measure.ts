import { runChild } from '../../src/tools/child.ts';

/** What a process took. */
export interface Cost {
  /** User and system, s. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Millions of bytes, resident. */
  readonly peakMb: number;
  /** What it printed. */
  readonly output: string;
}

/**
 * `wait4` is the only true account of a process that has ended, and Node does not offer it. Linux tells the peak in KiB.
 */
const WAIT4 = `
import json, os, sys, tempfile, time
with tempfile.TemporaryFile() as out:
    start = time.monotonic()
    pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)])
    _, status, used = os.wait4(pid, 0)
    wall = time.monotonic() - start
    out.seek(0)
    print(json.dumps({"cpuSeconds": used.ru_utime + used.ru_stime, "wallSeconds": wall, "peakMb": used.ru_maxrss * 1024 / 1e6,
        "output": out.read(10000).decode(), "exitCode": os.waitstatus_to_exitcode(status)}))
`;

export interface Means {
  readonly python: string;
  readonly signal: AbortSignal;
}

/**
 * Runs a command to its end.
 *
 * @param expected the exit code it has to end with
 * @throws Error when it ends with another; the signal's reason when aborted
 */
export async function costOf(command: readonly string[], means: Means, expected = 0): Promise<Cost> {
  const { ok, stdout, output } = await runChild(means.python, ['-c', WAIT4, ...command], means);
  if (!ok) throw new Error(`${command.join(' ')} could not be measured: ${output}`);
  const { exitCode, ...cost } = JSON.parse(stdout) as Cost & { readonly exitCode: number };
  if (exitCode !== expected)
    throw new Error(`${command.join(' ')} ended with exit code ${exitCode}: ${output}`);
  return cost;
}

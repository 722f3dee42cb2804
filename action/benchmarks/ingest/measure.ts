import { execa } from 'execa';

/** What a process took. */
export interface Cost {
  /** User and system, s. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMb: number;
  /** What it printed. */
  readonly output: string;
}

/** `wait4` is the only true account of a process that has ended, and Node does not offer it. */
const WAIT4 = `
import json, os, sys, tempfile, time
with tempfile.TemporaryFile() as out:
    start = time.monotonic()
    pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)])
    _, status, used = os.wait4(pid, 0)
    wall = time.monotonic() - start
    out.seek(0)
    print(json.dumps({"cpuSeconds": used.ru_utime + used.ru_stime, "wallSeconds": wall, "peakMb": used.ru_maxrss / 1024,
        "output": out.read(10000).decode(), "exitCode": os.waitstatus_to_exitcode(status)}))
`;

/** Runs a command to its end; throws when it fails. */
export async function costOf(python: string, command: readonly string[]): Promise<Cost> {
  const { stdout } = await execa(python, ['-c', WAIT4, ...command], { stderr: 'inherit' });
  const { exitCode, ...cost } = JSON.parse(stdout) as Cost & { readonly exitCode: number };
  if (exitCode !== 0)
    throw new Error(`${command.join(' ')} ended with exit code ${exitCode}: ${cost.output}`);
  return cost;
}

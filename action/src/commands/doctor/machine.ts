import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { chooseLimits } from '../../cloud/local/choose-limits.ts';
import { canMeter } from '../../cloud/local/meter.ts';
import { LoadError } from '../../errors.ts';
import { Scanner } from '../../load/lines/scanner.ts';
import { listen } from '../../loopback.ts';
import { onPath } from '../../on-path.ts';
import { type Check, missing, ok, warning } from './check.ts';

const GB = 1e9;

/** Room, memory, cores, files and processor: of them only a full disk and an old processor keep a run from starting. */
export function checkMachine(cacheDir: string): Promise<Check[]> {
  return Promise.all([
    ...[checkDisk(cacheDir), checkMemory(), checkCores(), checkFileDescriptors()],
    checkWebAssembly(),
  ]);
}

/** Tools, packages and compilers' output of the default config together took 3.0 GB (measured, x86_64). */
const DISK_NEEDED = 4 * GB;
const DISK_AT_LEAST = 0.5 * GB;

/** @param needed bytes that a first run takes */
export async function checkDisk(folder: string, needed = DISK_NEEDED): Promise<Check> {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  const { bavail, bsize } = await statfs(there);
  const free = bavail * bsize;
  const found = `${(free / GB).toFixed(1)} GB free`;
  const remedy = `Free ${(needed / GB).toFixed(0)} GB, which a first run with every tool and build takes.`;
  if (free < Math.min(needed, DISK_AT_LEAST)) return missing('disk', found, remedy);
  return free < needed ? warning('disk', found, remedy) : ok('disk', found);
}

/** Linking a Rust function with fat LTO took the most of it (measured). */
const MEMORY_NEEDED = 3 * GB;

function checkMemory(): Check {
  const bytes = process.availableMemory();
  const found = `${(bytes / GB).toFixed(1)} GB available`;
  return bytes >= MEMORY_NEEDED
    ? ok('memory', found)
    : warning('memory', found, 'End what takes memory, or build one variant at a time (--variants).');
}

function checkCores(): Check {
  const cores = availableParallelism();
  const found = `${cores}`;
  return cores >= 2
    ? ok('cores', found)
    : warning('cores', found, 'Use a machine with 2 or more: load and functions disturb each other on one.');
}

/** k6 and the gateway hold one connection for each request in flight, each environment a few more. */
const DESCRIPTORS_NEEDED = 1024;

async function checkFileDescriptors(): Promise<Check> {
  // A child's limit, because Node raises its own soft limit and children inherit that.
  const { stdout } = await execa('/bin/sh', ['-c', 'ulimit -n'], { reject: false });
  const limit = stdout === 'unlimited' ? Infinity : Number(stdout);
  return limit >= DESCRIPTORS_NEEDED
    ? ok('open files', stdout)
    : warning(
        'open files',
        `at most ${stdout || 'unknown'}`,
        `Run \`ulimit -n ${DESCRIPTORS_NEEDED}\` before.`,
      );
}

/** What reads k6's output. */
function checkWebAssembly(): Check {
  try {
    new Scanner({ longest: 1, asked: [], passedOver: [] });
    return ok('WebAssembly', 'with SIMD');
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return missing('WebAssembly', error.message, error.remedy);
  }
}

/** What the local cloud asks of the system, each with what it does where the system has it not. */
export async function checkLocalCloud(): Promise<Check[]> {
  return [await checkPorts(), await checkLimits(), checkMeter(), checkDeathSignal()];
}

async function checkPorts(): Promise<Check> {
  const server = createServer();
  try {
    const port = await listen(server);
    return ok('loopback ports', `127.0.0.1:${port} and others can be had`);
  } catch (error) {
    const found = (error as Error).message;
    return missing('loopback ports', found, 'Allow this user to listen on 127.0.0.1.');
  } finally {
    server.close();
  }
}

async function checkLimits(): Promise<Check> {
  const limits = await chooseLimits('doctor');
  await limits.dispose();
  if (limits.warnings.length === 0) return ok('CPU limits', limits.description);
  return warning(
    'CPU limits',
    limits.description,
    'Run as root where cgroup v1 is, or on Linux with systemd; else read reports as of unlimited CPU.',
  );
}

function checkMeter(): Check {
  return canMeter
    ? ok('CPU and memory of functions', 'read from /proc')
    : warning(
        'CPU and memory of functions',
        `not known on ${process.platform}`,
        'Measure on Linux for them; times are known here, too.',
      );
}

function checkDeathSignal(): Check {
  return onPath('setpriv') !== null
    ? ok('clean-up', 'children end with a run, even one that is killed')
    : warning(
        'clean-up',
        'no setpriv: a run that is killed outright (SIGKILL) leaves its children',
        'Install util-linux (Linux), or end a run by Ctrl-C.',
      );
}

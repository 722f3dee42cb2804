import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { meter } from './meter.ts';

const spin = 'const t = process.cpuUsage(); while (process.cpuUsage(t).user < 1e5);';
const worker = `new (require('node:worker_threads').Worker)(${JSON.stringify(`${spin}; setInterval(() => {}, 1000); require('node:worker_threads').parentPort.postMessage('')`)}, { eval: true })`;

describe.runIf(process.platform === 'linux')('a meter', () => {
  it('counts the CPU time of threads that started after it did', async () => {
    const script = `process.stdin.once('data', () => ${worker}.once('message', () => console.log('spun')))`;
    const child = spawn('node', ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const watched = meter(child.pid as number);
    child.stdin.write('go');
    const before = watched.cpuMs() as number;
    await once(child.stdout, 'data');
    expect((watched.cpuMs() as number) - before).toBeGreaterThan(95);
    watched.close();
    child.kill('SIGKILL');
  });

  it('tells the highest memory a process had, not what it has now', async () => {
    const script = `let held = Buffer.alloc(100e6, 1); const most = process.memoryUsage.rss();
      held = null; gc(); console.log(most / 1048576); setInterval(() => {}, 1000);`;
    const child = spawn('node', ['--expose-gc', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const watched = meter(child.pid as number);
    expect(Math.abs((watched.peakMemoryMb() as number) - Number(said.toString()))).toBeLessThan(10);
    watched.close();
    child.kill('SIGKILL');
  });

  it('tells nothing of a process that is gone', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    const watched = meter(child.pid as number);
    expect([watched.cpuMs(), watched.peakMemoryMb()]).toEqual([null, null]);
    watched.close();
  });

  it('that is closed leaves alone whoever has its descriptors now', () => {
    const watched = meter(process.pid);
    watched.cpuMs();
    watched.close();
    // The system gives the lowest free numbers; a folder cannot be read like a file.
    const others = Array.from({ length: 64 }, () => openSync('/', 'r'));
    expect([watched.cpuMs(), watched.peakMemoryMb()]).toEqual([null, null]);
    for (const other of others) expect(fstatSync(other).isDirectory()).toBe(true);
    for (const other of others) closeSync(other);
  });
});

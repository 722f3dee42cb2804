// A thread of its own: code that never returns lets nothing else of its thread run, no timer and no signal handler.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

const STDERR = 2;
const LOOK_MS = 500;

// Executions so far, the index of the target, and its seed; and what one execution may take of the processor.
/** @type {{ beat: Uint32Array, names: readonly string[], mostCpuSeconds: number }} */
const { beat, names, mostCpuSeconds } = workerData;

// Of the whole process, so that a machine that is busy with something else makes no finding.
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

let seen = -1;
let since = cpuSeconds();
setInterval(() => {
  const [executions = 0, target = 0, seed = 0] = beat;
  if (executions !== seen) [seen, since] = [executions, cpuSeconds()];
  else if (cpuSeconds() - since > mostCpuSeconds) {
    const again = `npm run fuzz -- --only ${names[target]} --seed ${seed}`;
    writeSync(STDERR, `\nFINDING ${names[target]}: hangs. Again: ${again}\n`);
    process.kill(process.pid, 'SIGKILL');
  }
}, LOOK_MS);

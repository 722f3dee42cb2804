/** What happens to the programs that a run on the local cloud has started. */
import { setTimeout as sleep } from 'node:timers/promises';
import { FAILS, type Fault, GOES_ON, NOT_TRUSTED, type Scene } from '../fault.ts';
import { atOnce, k6Starts, loading, serving } from '../moments.ts';
import { environmentsOf, pidOf, type Role, send } from '../processes.ts';
import { TIMEOUT_SECONDS } from '../sandbox.ts';

function signal(role: Role, name: NodeJS.Signals) {
  return ({ sandbox }: Scene) => {
    const pid = pidOf(role, sandbox.folder);
    if (pid === null) throw new Error(`There is no ${role} to be sent ${name}.`);
    process.kill(pid, name);
  };
}

function signalEnvironments(name: NodeJS.Signals, most = Number.POSITIVE_INFINITY) {
  return ({ sandbox }: Scene) => {
    const pids = environmentsOf('one', sandbox.folder).slice(0, most);
    if (pids.length === 0) throw new Error(`There is no environment to be sent ${name}.`);
    for (const pid of pids) send(pid, name);
    return pids;
  };
}

function frozenFor(role: Role, ms: number) {
  return async (scene: Scene) => {
    signal(role, 'SIGSTOP')(scene);
    await sleep(ms);
    signal(role, 'SIGCONT')(scene);
  };
}

const SERVER_DIED = /(S3 \(gofakes3\)|DynamoDB \(dynoxide\)) ended by itself at .*; calls to it failed/;
const K6_KILLED = /LoadError: k6 ended by signal SIGKILL before the load was over/;
/** By another environment, which starts; what the old one was doing is an error. */
const REPLACED = /requests of measured windows met a cold environment|^gate failed: errors$/;
const ERRORS = /^gate failed: errors$/;

const KILLS: readonly Fault[] = [
  {
    ...{ name: 'kill k6 while it waits', stage: 'load', moment: k6Starts, inject: signal('k6', 'SIGKILL') },
    expected: { endings: FAILS, says: K6_KILLED },
  },
  {
    ...{ name: 'kill k6', stage: 'load', short: true, moment: loading, inject: signal('k6', 'SIGKILL') },
    expected: { endings: FAILS, says: K6_KILLED },
  },
  {
    ...{ name: 'kill S3', stage: 'load', short: true, moment: loading, inject: signal('s3', 'SIGKILL') },
    expected: { endings: NOT_TRUSTED, says: SERVER_DIED },
  },
  {
    ...{ name: 'kill DynamoDB', stage: 'load', moment: loading, inject: signal('dynamodb', 'SIGKILL') },
    expected: { endings: NOT_TRUSTED, says: SERVER_DIED },
  },
  {
    ...{ name: 'kill one environment', stage: 'load', moment: serving('one') },
    inject: signalEnvironments('SIGKILL', 1),
    expected: { endings: GOES_ON, says: REPLACED },
  },
  {
    ...{
      name: 'kill all environments of a variant, 20 times',
      stage: 'load',
      short: true,
      moment: serving('one'),
    },
    async inject(scene) {
      for (let time = 0; time < 20; time++) {
        for (const pid of environmentsOf('one', scene.sandbox.folder)) send(pid, 'SIGKILL');
        await sleep(30);
      }
    },
    expected: { endings: GOES_ON, says: REPLACED },
  },
];

/** Longer than functions may take: after a shorter freeze all that waited are answered, late and well. */
const LONG_SECONDS = TIMEOUT_SECONDS + 1;

const FREEZES: readonly Fault[] = [
  {
    ...{ name: 'freeze k6 for 3 s', stage: 'load', moment: loading, inject: frozenFor('k6', 3000) },
    expected: { endings: GOES_ON, says: /load generator (was|did|stood)/ },
  },
  {
    ...{ name: 'freeze k6 for good', stage: 'load', moment: loading, inject: signal('k6', 'SIGSTOP') },
    expected: { endings: FAILS, says: /LoadError: k6 has not ended/ },
  },
  {
    ...{ name: `freeze S3 for ${LONG_SECONDS} s`, stage: 'load', moment: loading },
    inject: frozenFor('s3', LONG_SECONDS * 1000),
    expected: { endings: NOT_TRUSTED, says: ERRORS },
  },
  {
    ...{ name: 'freeze S3 for good', stage: 'load', moment: loading, inject: signal('s3', 'SIGSTOP') },
    expected: { endings: NOT_TRUSTED, says: ERRORS },
  },
  {
    ...{
      name: `freeze DynamoDB for ${LONG_SECONDS} s`,
      stage: 'load',
      moment: loading,
      inject: frozenFor('dynamodb', LONG_SECONDS * 1000),
    },
    expected: { endings: NOT_TRUSTED, says: ERRORS },
  },
  {
    ...{
      name: 'freeze DynamoDB for good',
      stage: 'load',
      moment: loading,
      inject: signal('dynamodb', 'SIGSTOP'),
    },
    expected: { endings: NOT_TRUSTED, says: ERRORS },
  },
  {
    ...{ name: 'freeze an environment for 1 s', stage: 'load', moment: serving('one') },
    async inject(scene) {
      const pids = signalEnvironments('SIGSTOP', 1)(scene);
      await sleep(1000);
      for (const pid of pids) send(pid, 'SIGCONT');
    },
    expected: { endings: GOES_ON, says: REPLACED },
  },
  {
    ...{ name: 'freeze an environment for good', stage: 'load', short: true, moment: serving('one') },
    inject: signalEnvironments('SIGSTOP', 1),
    expected: { endings: GOES_ON, says: REPLACED },
  },
];

const SLOW: Fault = {
  ...{ name: 'S3 takes 100 ms longer', stage: 'load', ground: { slowS3: true }, moment: atOnce },
  async inject(scene) {
    const { subject, proxy } = scene;
    if (proxy === null) throw new Error('There is no proxy.');
    await subject.said(/S3 \(gofakes3\) at \S+:\d+/);
    proxy.target = Number(/S3 \(gofakes3\) at \S+:(\d+)/.exec(subject.stderr)?.[1]);
    await loading(scene);
    proxy.delayMs = 100;
  },
  expected: { endings: GOES_ON, says: /met a cold environment|gate failed/ },
};

export const children: readonly Fault[] = [...KILLS, ...FREEZES, SLOW];

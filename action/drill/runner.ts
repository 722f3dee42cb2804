import { setTimeout as sleep } from 'node:timers/promises';
import { failedGates } from '../src/compare/gates.ts';
import type { Result } from '../src/result.ts';
import { accountsOf, disagreements, equation } from './accounts.ts';
import { type AwsDouble, CALLER } from './aws-double.ts';
import { sweptByJanitor, sweptByNextRun } from './cleaning.ts';
import type { Expected, Fault, Scene } from './fault.ts';
import { processesOf } from './processes.ts';
import { describeRemains, remainsOf } from './remains.ts';
import { makeSandbox } from './sandbox.ts';
import { slowProxy } from './slow-proxy.ts';
import { startBench } from './subject-process.ts';
import { readOutput } from './written.ts';

export interface Outcome {
  readonly fault: Fault;
  /** Why it was not made; null when it was. */
  readonly skipped: string | null;
  readonly exit: number | NodeJS.Signals | null;
  /** The sentence that tells a person of it. */
  readonly seen: string;
  /** The equation of all requests; '' without a result. */
  readonly requests: string;
  readonly written: string;
  /** What was left, and who has removed it. */
  readonly left: string;
  readonly seconds: number;
  /** What was not as it must be; empty when all was. */
  readonly failures: readonly string[];
}

export interface Place {
  readonly k6: string;
  readonly cache: string;
  /** Starts the AWS double when it is first asked for. */
  readonly aws: () => Promise<AwsDouble>;
}

/** A run that has not ended so long after the fault never will. */
const PATIENCE_MS = 300_000;

/** Does one fault to one run, and looks at what comes of it. */
export async function drill(fault: Fault, place: Place): Promise<Outcome> {
  const skipped = fault.impossible?.() ?? null;
  if (skipped !== null) return { ...NOTHING, fault, skipped };
  const { ground = {} } = fault;
  const aws = ground.aws ? await place.aws() : null;
  await using proxy = ground.slowS3 ? await slowProxy() : null;
  const variables = proxy === null ? {} : { AWS_ENDPOINT_URL_S3: proxy.url };
  await using sandbox = await makeSandbox(ground, place, variables);
  const env = aws === null ? {} : { ...CALLER, AWS_ENDPOINT_URL: aws.url };
  const start = performance.now();
  const subject = startBench({ sandbox, ground, env });
  try {
    const failures = await strike(fault, { subject, sandbox, aws, proxy });
    const outcome = await judged(fault, { subject, sandbox, aws }, failures);
    return { ...outcome, seconds: (performance.now() - start) / 1000 };
  } finally {
    if (aws !== null) aws.disturbance = {};
    subject.kill('SIGKILL');
    for (const { pid } of processesOf(sandbox.folder)) end(pid);
  }
}

const NOTHING = {
  exit: null,
  seen: '',
  requests: '',
  written: '',
  left: '',
  seconds: 0,
  failures: [],
} as const;

/** @returns what went wrong with the fault itself */
async function strike({ moment, inject }: Fault, scene: Scene): Promise<string[]> {
  try {
    await moment(scene);
    await inject(scene);
  } catch (error) {
    return [(error as Error).message];
  }
  const hung = sleep(PATIENCE_MS, 'hung', { ref: false });
  const end = await Promise.race([scene.subject.ended, hung]);
  return end === 'hung' ? [`The run went on for ${PATIENCE_MS / 1000} s after the fault.`] : [];
}

type Struck = Pick<Scene, 'subject' | 'sandbox' | 'aws'>;

async function judged(fault: Fault, struck: Struck, failures: string[]): Promise<Outcome> {
  const { subject, sandbox } = struck;
  if (failures.length > 0) subject.kill('SIGKILL');
  const exit = await subject.ended;
  const { written, result, halves, drafts } = readOutput(sandbox.out);
  const { seen, untold } = whatIsSeen(fault, subject.stderr.replaceAll(sandbox.folder, '...'), result);
  const accounts = result === null ? null : await accountsOf(result, sandbox);
  const { left, uncleaned } = await leftBy(fault, struck, drafts);
  const expected = fault.expected.endings.some((ending) => ending.exit === exit && ending.result === written);
  return {
    ...{ fault, skipped: null, exit, seen, written, left, seconds: 0 },
    requests: accounts === null ? '' : equation(accounts),
    failures: [
      ...failures,
      ...(expected ? [] : [`ended with ${exit} and result ${written}, which is not expected`]),
      ...untold,
      ...halves,
      ...(accounts === null ? [] : disagreements(accounts)),
      ...uncleaned,
      ...(failures.length > 0 || !expected ? [subject.stderr.trim().slice(-1500)] : []),
    ],
  };
}

/** Seconds, scope, message: a line of progress. */
const PROGRESS = /^ *\d+\.\ds {2}/;
const DEFECT = /This is a defect of ours|^\s+at .+:\d+:\d+\)?$/m;

/** What a person is told: the error, the warnings of the report, the gates that failed. */
function whatIsSeen({ expected }: Fault, stderr: string, result: Result | null) {
  const errors = stderr.split('\n').filter((line) => line.trim() !== '' && !PROGRESS.test(line));
  const gates = result === null ? [] : failedGates(result).map((gate) => `gate failed: ${gate}`);
  const told = [...errors, ...(result?.warnings.map(({ message }) => message) ?? []), ...gates];
  const seen = told.find((line) => expected.says.test(line)) ?? told[0] ?? '';
  const untold = expected.says.test(seen)
    ? []
    : [`nobody is told ${expected.says}; told is: ${told.join(' | ')}`];
  return {
    seen,
    untold: [...untold, ...(DEFECT.test(stderr) ? [`a stack is shown:\n${stderr.slice(-1500)}`] : [])],
  };
}

async function leftBy({ expected }: Fault, { subject, sandbox, aws }: Struck, drafts: readonly string[]) {
  const here = describeRemains(await remainsOf(subject, sandbox));
  const running = here.filter((what) => what.startsWith('process'));
  const { stacks, uncleaned } =
    aws === null ? { stacks: [], uncleaned: [] } : await sweptByJanitor(aws, expected);
  const byNextRun = expected.cleanedBy?.includes('the next run') ? await sweptByNextRun(sandbox) : here;
  // Nobody but the run itself could have removed drafts, and their names say what they are.
  const excused = expected.endings.some(({ exit }) => exit === 'SIGKILL');
  const all = [...here, ...stacks, ...drafts];
  return {
    left: all.length === 0 ? 'nothing' : `${[...new Set(all)].join(', ')}${by(expected.cleanedBy)}`,
    uncleaned: [...running, ...byNextRun, ...uncleaned, ...(excused ? [] : drafts)].map(
      (what) => `left behind: ${what}`,
    ),
  };
}

const by = (cleaners: Expected['cleanedBy']): string =>
  cleaners === undefined ? '' : `; removed by ${cleaners.join(' and ')}`;

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}

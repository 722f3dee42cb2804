/** The action's inputs, read once and checked together, as the arguments that the terminal command takes and what else GitHub needs. */
import { type Arguments, parseArguments } from './config/arguments.ts';
import { ConfigError } from './errors.ts';
import { REPORT_MODES, type ReportMode } from './publish/report-mode.ts';
import { FAIL_ON, type FailOn } from './report/outcome.ts';

export interface Inputs {
  /** What `npm run bench` would be given. */
  readonly arguments: Arguments;
  /** Folder with the journals of shards to be merged, instead of a run; null for a run. */
  readonly merge: string | null;
  /** Null: the credentials of the environment. */
  readonly roleToAssume: string | null;
  /** Null: that of the config. */
  readonly region: string | null;
  readonly name: string;
  readonly comment: boolean;
  readonly check: boolean;
  readonly failOn: FailOn;
  readonly reportMode: ReportMode;
  readonly reportBranch: string;
  readonly token: string;
}

/** @param input value of an input by its name, trimmed; '' when it was not given. Throws ConfigError with every fault. */
export function readInputs(input: (name: string) => string): Inputs {
  const faults: string[] = [];
  const read = reader(input, faults);
  const inputs = {
    arguments: argumentsFrom(input, read, faults),
    merge: input('merge') || null,
    roleToAssume: read.matching('role-to-assume', /^(arn:aws[\w-]*:iam::\d{12}:role\/\S+)?$/, ROLE) || null,
    region: read.matching('aws-region', /^([a-z]{2}(-[a-z]+)+-\d)?$/, 'a region such as us-east-1') || null,
    name: read.matching('name', /^[A-Za-z0-9]([ ._-]?[A-Za-z0-9])*$/, NAME),
    comment: read.flag('comment'),
    check: read.flag('check'),
    failOn: read.choice('fail-on', FAIL_ON),
    reportMode: read.choice('report-mode', REPORT_MODES),
    reportBranch: read.matching('report-branch', BRANCH_NAME, 'the name of a branch'),
    token: tokenFrom(input('github-token'), faults),
  };
  if (faults.length > 0) throw new ConfigError(headed(faults), 'Correct them in the workflow file.');
  return Object.freeze(inputs as Inputs);
}

const ROLE = 'the ARN of an IAM role, arn:aws:iam::ACCOUNT:role/NAME';
const NAME = 'letters and digits, with single spaces, dots, hyphens or underscores between them';
/** The part of git's rules (git-check-ref-format) that keeps a name from being an option or a range. */
const BRANCH_NAME = /^(?![-/.])(?!.*(\.\.|\/\/|@\{|\.lock$|[/.]$))[\w./+@-]+$/;

function headed(faults: readonly string[]): string {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return `The inputs have ${count}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`;
}

/** Whatever it is, it is not shown. */
function tokenFrom(value: string, faults: string[]): string {
  if (!/^\S+$/.test(value))
    faults.push('github-token is empty or has spaces in it; leave it out for the token of the job.');
  return value;
}

/** Every method notes a fault instead of throwing, so that all are told at once. */
function reader(input: (name: string) => string, faults: string[]) {
  const check = (name: string, right: (value: string) => boolean, allowed: string): string => {
    const value = input(name);
    if (!right(value)) faults.push(`${name} is ${JSON.stringify(value)}; it must be ${allowed}.`);
    return value;
  };
  return {
    choice: (name: string, allowed: readonly string[]) =>
      check(name, (value) => allowed.includes(value), `one of ${allowed.join(', ')}`),
    matching: (name: string, pattern: RegExp, allowed: string) =>
      check(name, (value) => pattern.test(value), allowed),
    flag: (name: string) =>
      check(name, (value) => value === 'true' || value === 'false', 'true or false') === 'true',
  };
}

/** The names of inputs and of the terminal's options are the same. */
const OPTIONS = [
  'config',
  'profile',
  'duration',
  'target',
  'variants',
  'base',
  'seed',
  'budget-usd',
  'shard',
  'start-at',
];
const SWITCHES = ['control', 'early-stop'];

function argumentsFrom(
  input: (name: string) => string,
  read: ReturnType<typeof reader>,
  faults: string[],
): Arguments | null {
  const options = OPTIONS.filter((name) => input(name) !== '').map((name) => `--${name}=${input(name)}`);
  const switches = SWITCHES.filter((name) => read.flag(name)).map((name) => `--${name}`);
  try {
    return parseArguments([...options, ...switches]);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.message.replaceAll(/--(?=[a-z])/g, '').split('\n'));
    return null;
  }
}

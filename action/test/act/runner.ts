/** Runs a workflow file of this repository as GitHub would, by act, on this machine and against the fake of GitHub. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import type { GitServer } from '../github/git-server.ts';
import type { GitHub } from '../github/github.ts';
import type { Access, Scope } from '../github/state.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const STAND_INS: Readonly<Record<string, string>> = {
  'actions/checkout': 'checkout',
  'actions/cache': 'cache',
  'actions/upload-artifact': 'upload-artifact',
  'actions/download-artifact': 'download-artifact',
  'actions/setup-node': 'no-op',
  'actions/setup-python': 'no-op',
  'actions/setup-go': 'no-op',
};

export interface Trigger {
  /** File name in `.github/workflows`. */
  readonly workflow: string;
  readonly eventName: string;
  readonly event: object;
  /** The commit that `github.sha` is. */
  readonly sha: string;
  readonly runId: number;
  /** A fork's token reads and no more, whatever the workflow asks for. */
  readonly fork?: boolean;
  /** The job whose permissions the token has; act gives all jobs one token. */
  readonly job: string;
}

export interface Run {
  readonly exitCode: number;
  /** `success`, `failure` or, when it never began, `skipped`, by the job's id. */
  readonly jobs: Readonly<Record<string, string>>;
  readonly log: string;
  /** The job summary, as far as the steps wrote one. */
  readonly summary: string;
}

/** @param act path of the program */
export async function runWorkflow(
  act: string,
  trigger: Trigger,
  world: { github: GitHub; server: GitServer },
): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'duel-act-'));
  const workspaces = join(folder, 'workspaces');
  await mkdir(workspaces);
  await writeFile(join(folder, 'event.json'), JSON.stringify(trigger.event));
  const workflow = parse(
    await readFile(join(ROOT, '.github/workflows', trigger.workflow), 'utf8'),
  ) as Workflow;
  await using token = await issueToken(workflow, trigger, world);
  const summary = watchSummary(workspaces);
  try {
    const child = await execa(act, await argumentsOf(trigger, { folder, token: token.secret, ...world }), {
      cwd: ROOT,
      all: true,
      reject: false,
      stdin: 'ignore',
    });
    const lines = entries(child.all ?? '');
    const log = lines.map(({ job, msg }) => `${job ?? ''}| ${msg ?? ''}`).join('\n');
    return {
      exitCode: child.exitCode ?? -1,
      jobs: results(workflow, lines),
      log,
      summary: await summary.read(),
    };
  } finally {
    summary.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: Readonly<Partial<Record<Scope, Access>>> }>
  >;
}

/** A token with just what the workflow file gives the job, so that a permission that is missing there fails here. */
async function issueToken(
  workflow: Workflow,
  { job, fork = false, runId }: Trigger,
  { github, server }: { github: GitHub; server: GitServer },
) {
  const secret = `token-of-run-${runId}`;
  const asked = workflow.jobs[job]?.permissions ?? {};
  const given = Object.entries(asked).map(([scope, access]) => [scope, fork ? 'read' : access] as const);
  const permissions = Object.fromEntries(given);
  github.state.tokens[secret] = { login: 'github-actions[bot]', permissions };
  server.tokens[secret] = permissions.contents === 'write' ? 'write' : 'read';
  return {
    secret,
    async [Symbol.asyncDispose]() {
      delete github.state.tokens[secret];
      delete server.tokens[secret];
    },
  };
}

interface Place {
  readonly folder: string;
  readonly token: string;
  readonly github: GitHub;
  readonly server: GitServer;
}

async function argumentsOf(trigger: Trigger, { folder, token, github, server }: Place): Promise<string[]> {
  const environment = {
    GITHUB_API_URL: github.url,
    GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
    GITHUB_SERVER_URL: new URL(server.url).origin,
    GITHUB_REPOSITORY: `${github.state.owner}/${github.state.repo}`,
    GITHUB_RUN_ID: String(trigger.runId),
    SHA_REF: trigger.sha,
    STAND_IN_SOURCE: ROOT,
  };
  const workflow = join('.github/workflows', trigger.workflow);
  return [
    trigger.eventName,
    ...['--workflows', workflow, '--eventpath', join(folder, 'event.json')],
    ...['--platform', 'ubuntu-24.04=-self-hosted', '--no-cache-server', '--no-skip-checkout', '--json'],
    ...['--concurrent-jobs', '1', '--action-cache-path', join(folder, 'workspaces'), '--pull=false'],
    ...['--secret', `GITHUB_TOKEN=${token}`, '--var', 'BENCH_PROFILE=smoke'],
    // Of functions that are alike one run in twenty may say worse, as promised; a job that a verdict fails is the action's test.
    // GitHub gives a fork's run no variable at all; the profile is given here, so as to be quick.
    ...[
      '--var',
      'BENCH_SHARD_LEAD_MINUTES=0',
      ...(trigger.fork === true ? [] : ['--var', 'BENCH_FAIL_ON=never']),
    ],
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...(await standIns(workflow)),
  ];
}

/** Each action at the very commit that our files pin it to. */
async function standIns(workflow: string): Promise<string[]> {
  const files = [workflow, '.github/actions/setup/action.yml'];
  const texts = await Promise.all(files.map((file) => readFile(join(ROOT, file), 'utf8')));
  const pinned = new Set(texts.flatMap((text) => text.match(/\bactions\/[\w-]+@[0-9a-f]{40}/g) ?? []));
  return [...pinned].flatMap((uses) => {
    const folder = STAND_INS[uses.split('@')[0] ?? ''];
    if (folder === undefined) throw new Error(`There is no stand-in for ${uses}`);
    return ['--local-repository', `${uses}=${join(import.meta.dirname, 'stand-ins', folder)}`];
  });
}

interface Entry {
  readonly jobID?: string;
  readonly job?: string;
  readonly msg?: string;
  readonly jobResult?: string;
}

function entries(output: string): Entry[] {
  return output.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Entry];
    } catch {
      return line === '' ? [] : [{ msg: line }];
    }
  });
}

function results(workflow: Workflow, lines: readonly Entry[]): Record<string, string> {
  return Object.fromEntries(
    Object.keys(workflow.jobs).map((id) => {
      const last = lines.findLast(({ jobID, jobResult }) => jobID === id && jobResult !== undefined);
      return [id, last?.jobResult ?? 'skipped'];
    }),
  );
}

/** act has one summary file for all steps and empties it before each, so it has to be read meanwhile. */
function watchSummary(workspaces: string) {
  let text = '';
  const read = async () => {
    for (const job of await readdir(workspaces).catch(() => [])) {
      const found = await readFile(join(workspaces, job, 'act/workflow/SUMMARY.md'), 'utf8').catch(() => '');
      if (found !== '') text = found;
    }
    return text;
  };
  const timer = setInterval(() => void read(), 50);
  return { read, stop: () => clearInterval(timer) };
}

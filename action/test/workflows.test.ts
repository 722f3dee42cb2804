import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { silent } from '../src/progress.ts';
import { ensure } from '../src/tools/tools.ts';
import { workflowTools } from './workflow-tools.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const WORKFLOWS = join(ROOT, '.github/workflows');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly needs?: readonly string[] | string;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly name: string;
  readonly on: unknown;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const names = readdirSync(WORKFLOWS);
const textOf = (name: string) => readFileSync(join(WORKFLOWS, name), 'utf8');
const workflowOf = (name: string) => parse(textOf(name)) as Workflow;
const jobs = names.flatMap((name) =>
  Object.entries(workflowOf(name).jobs).map(([id, job]) => [`${name} ${id}`, job] as const),
);
const composite = parse(readFileSync(join(ROOT, '.github/actions/setup/action.yml'), 'utf8')) as {
  runs: { steps: Step[] };
};
const steps = [...jobs.flatMap(([, job]) => job.steps), ...composite.runs.steps];

let tools: Readonly<Record<string, string>>;
beforeAll(async () => {
  tools = await ensure(workflowTools, { cacheDir: join(ROOT, '.cache'), progress: silent });
});

describe('the workflows', () => {
  it('have no finding of actionlint', async () => {
    const { exitCode, stdout } = await execa(tools.actionlint!, ['-no-color'], { cwd: ROOT, reject: false });
    expect(stdout).toBe('');
    expect(exitCode).toBe(0);
  });

  it('have no finding of zizmor, at its most pedantic', async () => {
    const args = ['--offline', '--persona=pedantic', '--no-progress', '--format=json', '.'];
    const { exitCode, stdout } = await execa(tools.zizmor!, args, { cwd: ROOT, reject: false });
    expect(JSON.parse(stdout)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('explain each suppression beside it', () => {
    const ignored = names.flatMap((name) =>
      textOf(name)
        .split('\n')
        .filter((line) => line.includes('zizmor: ignore')),
    );
    expect(ignored).toHaveLength(2);
    for (const line of ignored) expect(line).toMatch(/zizmor: ignore\[[a-z-]+\] -- \w.{20,}/);
  });

  it.each(names)('%s gives nothing by default and says what two runs at once do', (name) => {
    const workflow = workflowOf(name);
    expect(workflow.permissions).toEqual({});
    expect(workflow.concurrency).toBeDefined();
  });

  it.each(jobs)('%s has permissions of its own and an end', (_, job) => {
    expect(job.permissions).toBeDefined();
    expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  it.each(names)('%s gives the reason beside each permission', (name) => {
    const given = textOf(name)
      .split('\n')
      .filter((line) => /^ {6}[a-z-]+: (read|write)\b/.test(line));
    expect(given.filter((line) => !/ # \w/.test(line))).toEqual([]);
  });

  it('use actions of others by commit, with the version beside it', () => {
    const remote = steps.flatMap(({ uses }) => (uses === undefined || uses.startsWith('./') ? [] : [uses]));
    expect(remote.length).toBeGreaterThan(10);
    for (const uses of remote) expect(uses).toMatch(/^[\w-]+(\/[\w-]+){1,2}@[0-9a-f]{40}$/);
  });

  it('write no expression into a shell script', () => {
    const scripts = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  it('keep no credentials in a checkout', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('let code of a pull request write to no contents', () => {
    const pullRequest = names.filter((name) => /^ {2}pull_request:/m.test(textOf(name)));
    expect(pullRequest.sort()).toEqual(['benchmark-aws.yml', 'benchmark.yml', 'ci.yml', 'security.yml']);
    const mayWrite = pullRequest
      .flatMap((name) => Object.values(workflowOf(name).jobs))
      .map((job) => job.permissions?.contents);
    expect(mayWrite).not.toContain('write');
  });

  it('check out no code of a pull request where the token may write', () => {
    const trusted = ['publish.yml', 'command.yml'].flatMap((name) => Object.values(workflowOf(name).jobs));
    const refs = trusted.flatMap(({ steps: own }) => own).map((step) => step.with?.ref);
    expect(refs.every((ref) => ref === undefined)).toBe(true);
  });

  it('delete what is left as the role that can only delete, in an environment that waits for no reviewer', () => {
    const deleting = jobs.filter(([, { steps: own }]) => own.some(({ run }) => run?.includes('janitor')));
    expect(deleting.map(([name]) => name).sort()).toEqual([
      'benchmark-aws.yml teardown',
      'janitor.yml janitor',
      'soak.yml teardown',
    ]);
    for (const [, { environment, steps: own }] of deleting) {
      expect(environment).toBe('benchmark-teardown');
      expect(own.at(-1)?.env?.ROLE_TO_ASSUME).toContain('vars.BENCH_TEARDOWN_ROLE_ARN');
    }
  });

  it('have a cache of tools for each job, which begins with what all tests need', () => {
    const cache = composite.runs.steps.find(({ uses }) => uses?.startsWith('actions/cache@'));
    expect(cache?.with?.key).toMatch(/github\.workflow .*github\.job .*hashFiles/);
    expect(cache?.with?.['restore-keys']).toMatch(/^tools-ci-test-\$\{\{/);
    const filling = workflowOf('ci.yml').jobs.test?.steps.map(({ uses, run }) => run ?? uses);
    expect(filling?.slice(-2)).toEqual(['./.github/actions/setup', 'npm test']);
  });

  it('wait for no reviewer in a run whose end starts another', () => {
    const awaited = names.flatMap((name) => {
      const on = workflowOf(name).on as { workflow_run?: { workflows: string[] } };
      return on.workflow_run?.workflows ?? [];
    });
    expect(awaited).toEqual(['benchmark']);
    const waiting = names.map(workflowOf).filter(({ name }) => awaited.includes(name));
    expect(waiting).toHaveLength(1);
    const own = waiting.flatMap((workflow) => Object.values(workflow.jobs));
    expect(own.map(({ environment }) => environment)).toEqual([undefined]);
  });

  it('can be started by hand where a release asks for one', () => {
    expect(textOf('release.yml')).toContain('--workflow ci.yml');
    expect(workflowOf('ci.yml').on).toHaveProperty('workflow_dispatch');
  });

  it('tell nobody what one shard of a soak says', () => {
    const measuring = workflowOf('soak.yml').jobs.soak?.steps.find(({ uses }) => uses === './action');
    expect(measuring?.with).toMatchObject({ comment: 'false', check: 'false', 'fail-on': 'never' });
  });

  it('build no function where the token may write to contents', () => {
    const building = jobs.filter(([, { steps: own }]) =>
      own.some(({ uses, with: given }) => uses === './action' && given?.merge === undefined),
    );
    expect(building.map(([name, { permissions }]) => [name, permissions?.contents]).sort()).toEqual([
      ['benchmark-aws.yml aws', 'read'],
      ['benchmark.yml local', 'read'],
      ['soak.yml soak', 'read'],
    ]);
  });

  it('end ci in one job that needs all others', () => {
    const { 'ci-ok': last, ...others } = workflowOf('ci.yml').jobs;
    expect([last?.needs].flat().sort()).toEqual(Object.keys(others).sort());
  });
});

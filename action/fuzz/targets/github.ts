/** What GitHub tells a job, part of which anybody may write: comments, branch names, inputs. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { checkOutBase } from '../../src/build/base.ts';
import { readInputs } from '../../src/inputs.ts';
import { readJob } from '../../src/job.ts';
import type { Octokit } from '../../src/publish/octokit.ts';
import { commentEvent, rerun } from '../../src/publish/rerun.ts';
import { readPolicy } from '../../src/publish/untrusted/publish-artifact.ts';
import { workflowRun } from '../../src/publish/untrusted/workflow-run.ts';
import { damagedText, WORDS } from '../damage.ts';
import { damagedJson } from '../damage-json.ts';
import { must, orRefusal, type Target, target } from '../target.ts';

const COMMENT = {
  comment: { id: 1, body: '/benchmark', user: { login: 'octocat' } },
  issue: { number: 7, pull_request: {} },
};
const RUN = {
  workflow_run: {
    ...{ id: 1, run_attempt: 1, head_sha: 'c'.repeat(40), head_branch: 'faster' },
    head_repository: { full_name: 'octo/functions', owner: { login: 'octo' } },
  },
};
const INPUTS: Readonly<Record<string, string>> = {
  ...{ profile: 'pr', target: 'local', name: 'benchmark', comment: 'true', check: 'true', control: 'false' },
  ...{
    'early-stop': 'false',
    'fail-on': 'regression',
    'report-mode': 'none',
    'report-branch': 'benchmark-reports',
  },
  ...{ 'github-token': 'ghs_canary', base: 'main...HEAD', variants: 'a,b', seed: '1', 'budget-usd': '5' },
  ...{ 'role-to-assume': 'arn:aws:iam::123456789012:role/bench', 'aws-region': 'us-east-1' },
};

export function githubTargets(folder: string): Target[] {
  const event = join(folder, 'event.json');
  return [
    target(
      'event-payload',
      300,
      fc.tuple(
        fc.oneof(damagedJson(fc.constant(COMMENT)), damagedJson(fc.constant(RUN))),
        damagedText(fc.constant(JSON.stringify(RUN))),
      ),
      async ([payload, text]) => {
        writeFileSync(event, text);
        await orRefusal(() => readJob({ ...ENVIRONMENT, GITHUB_EVENT_PATH: event }));
        await orRefusal(() => workflowRun(payload));
        await orRefusal(() => commentEvent(payload));
      },
    ),
    target(
      'comment-command',
      300,
      fc.tuple(damagedText(fc.constant(' /benchmark\n')), fc.boolean()),
      async ([body, mayWrite]) => {
        const asked: string[] = [];
        const said = await rerun(
          recording(asked, mayWrite),
          { owner: 'o', repo: 'r' },
          { ...COMMENT, comment: { ...COMMENT.comment, body } },
        );
        must(
          asked.includes('reRunWorkflow') === (mayWrite && body.trim() === '/benchmark'),
          'only the command of who may write starts anything',
        );
        must(said !== '', 'what was done is said');
      },
    ),
    target('action-inputs', 300, inputs(), async (given) => {
      const read = await orRefusal(() => readInputs((name) => given[name] ?? ''));
      await orRefusal(() => readPolicy(given));
      if (read === null) return;
      must(!/[\s~^:?*[\\]|\.\.|^-/.test(read.reportBranch), 'a branch is no option, no range and no pattern');
      must(!/[\r\n]/.test(read.name + read.token), 'a name is one line');
    }),
    target('base-ref', 6, ref(), baseIsACommit(folder)),
  ];
}

const ENVIRONMENT = {
  ...{ GITHUB_TOKEN: 'ghs_canary', GITHUB_REPOSITORY: 'octo/functions' },
  ...{ GITHUB_API_URL: 'https://api.github.example', GITHUB_SERVER_URL: 'https://github.example' },
};

const inputs = () =>
  fc
    .tuple(fc.constantFrom(...Object.keys(INPUTS)), damagedText(fc.string({ maxLength: 3 })), fc.boolean())
    .chain(([name, word, near]) =>
      (near ? damagedText(fc.constant(INPUTS[name]!)) : fc.constant(word)).map(
        (value): Record<string, string> => ({ ...INPUTS, [name]: value }),
      ),
    );

/** GitHub's answers for a pull request of somebody who may write, or may not; notes what is asked. */
function recording(asked: string[], mayWrite: boolean): Octokit {
  const answers: Record<string, unknown> = {
    getCollaboratorPermissionLevel: { permission: mayWrite ? 'write' : 'read' },
    get: { head: { sha: 'c'.repeat(40) } },
    listWorkflowRuns: { workflow_runs: [{ id: 9, status: 'completed' }] },
  };
  const call = (_: object, name: string | symbol) => async () => {
    asked.push(String(name));
    return { data: answers[String(name)] };
  };
  const rest = new Proxy({}, { get: () => new Proxy({}, { get: call }) });
  return { rest } as unknown as Octokit;
}

const ref = () =>
  fc.oneof(
    damagedText(fc.constantFrom('HEAD', 'main', 'main...HEAD', 'HEAD~0')),
    fc.constantFrom(
      '--all',
      'main...--all',
      'main...--help',
      'main...-h',
      '--output=canary',
      ':/first',
      '@{-1}',
      'HEAD^{tree}',
    ),
    fc.constantFrom(...WORDS),
  );

/** @returns the property, with a repository made at its first use */
function baseIsACommit(folder: string) {
  const root = join(folder, 'repository');
  const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  let commit = '';
  return async (name: string) => {
    if (commit === '') {
      mkdirSync(root, { recursive: true });
      git('init', '--quiet', '--initial-branch=main');
      git(
        '-c',
        'user.name=a',
        '-c',
        'user.email=a@b.c',
        'commit',
        '--quiet',
        '--allow-empty',
        '--message=first',
      );
      commit = git('rev-parse', 'HEAD').stdout.trim();
    }
    const checkout = await orRefusal(() => checkOutBase(root, name, join(folder, 'cache')));
    await checkout?.[Symbol.asyncDispose]();
    must(checkout === null || checkout.commit === commit, 'a base is a commit of the repository');
    must(git('worktree', 'list').stdout.trim().split('\n').length === 1, 'no worktree is left');
  };
}

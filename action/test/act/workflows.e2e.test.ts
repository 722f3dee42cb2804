import { join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silent } from '../../src/progress.ts';
import { parseResult } from '../../src/report/json.ts';
import { ensure } from '../../src/tools/tools.ts';
import { type GitServer, startGitServer } from '../github/git-server.ts';
import { type GitHub, startGitHub } from '../github/github.ts';
import { pullRequest } from '../github/state.ts';
import { workflowTools } from '../workflow-tools.ts';
import { type Commits, fillRepository } from './repository.ts';
import { type Run, runWorkflow, type Trigger } from './runner.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Eight workflow runs on a machine that may have other things to do. */
const TIMEOUT = 1_800_000;
const REPORTS = 'benchmark-reports';

let act: string;
let server: GitServer;
let github: GitHub;
let commits: Commits;

beforeAll(async () => {
  const tools = await ensure(workflowTools, { cacheDir: join(ROOT, '.cache'), progress: silent });
  act = tools.act!;
  server = await startGitServer({ tokens: {} });
  commits = await fillRepository(server);
  github = await startGitHub({ gitDir: server.gitDir });
  github.state.issues.push(
    pullRequest(7, { ref: 'faster', sha: commits.branch }, { ref: 'main', sha: commits.base }),
    pullRequest(
      9,
      { ref: 'faster', sha: commits.fork, repo: 'stranger/functions' },
      { ref: 'main', sha: commits.base },
    ),
  );
}, TIMEOUT);
afterAll(async () => {
  await github?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const repository = {
  full_name: 'octo/functions',
  name: 'functions',
  owner: { login: 'octo' },
  default_branch: 'main',
};
const start = (trigger: Trigger): Promise<Run> => runWorkflow(act, trigger, { github, server });

function onPullRequest(number: number, sha: string, repo: string, runId: number): Trigger {
  const head = { ref: 'faster', sha, repo: { full_name: repo } };
  const base = { ref: 'main', sha: commits.base, repo: { full_name: 'octo/functions' } };
  const event = { action: 'opened', number, pull_request: { number, head, base }, repository };
  const fork = repo !== 'octo/functions';
  return { workflow: 'benchmark.yml', eventName: 'pull_request', event, sha, runId, fork, job: 'local' };
}

/** What GitHub tells publish.yml of a run: for a fork without its pull requests. */
function onCompleted(sha: string, repo: string, runId: number): Trigger {
  const head_repository = { full_name: repo, owner: { login: repo.split('/')[0] } };
  const workflow_run = {
    ...{ id: runId, run_attempt: 1, event: 'pull_request', conclusion: 'success', pull_requests: [] },
    ...{ head_sha: sha, head_branch: 'faster', head_repository },
  };
  const event = { action: 'completed', workflow_run, repository };
  const trigger = { workflow: 'publish.yml', eventName: 'workflow_run', job: 'publish' };
  return { ...trigger, event, sha: commits.base, runId: runId + 1000 };
}

const commentsOn = (number: number) => github.state.comments.filter(({ issue }) => issue === number);
const checksOf = (sha: string) => github.state.checks.filter(({ headSha }) => headSha === sha);
const show = (path: string) => server.git('show', `${REPORTS}:${path}`);
const kept = async () =>
  (await server.git('ls-tree', '-r', '--name-only', REPORTS))
    .split('\n')
    .filter((path) => path.endsWith('/result.json'));

describe('a pull request from a branch of the repository', { timeout: TIMEOUT }, () => {
  let run: Run;
  it('is measured against its base', async () => {
    run = await start(onPullRequest(7, commits.branch, 'octo/functions', 50));
    expect(run.jobs, run.log).toEqual({ local: 'success' });
    expect(github.state.artifacts).toMatchObject([{ run: 50, name: 'benchmark-result' }]);
  });

  it('has one comment, one check and a job summary with the verdict', () => {
    expect(commentsOn(7)).toMatchObject([
      { login: 'github-actions[bot]', body: expect.stringContaining('(local cloud, not AWS)') },
    ]);
    expect(commentsOn(7)[0]?.body).not.toContain('running');
    expect(checksOf(commits.branch)).toMatchObject([{ name: 'benchmark', status: 'completed' }]);
    expect(run.summary).toContain('(local cloud, not AWS)');
  });

  it('has its report committed by publish.yml, linked in the same comment', async () => {
    const published = await start(onCompleted(commits.branch, 'octo/functions', 50));
    expect(published.jobs, published.log).toEqual({ publish: 'success' });
    const paths = await kept();
    expect(paths).toEqual([
      expect.stringMatching(/^reports\/pr-7\/\d{4}-\d\d-\d\d-[0-9a-f]{7}-smoke\/result\.json$/),
    ]);
    const result = parseResult(await show(paths[0]!));
    expect(result.provenance).toMatchObject({ commit: commits.branch, dirty: false });
    expect(commentsOn(7)).toHaveLength(1);
    expect(commentsOn(7)[0]?.body).toContain(
      `/blob/${await server.git('rev-parse', REPORTS)}/${paths[0]!.replace('result.json', 'report.md')}`,
    );
    expect(checksOf(commits.branch)).toHaveLength(1);
  });

  it('has no commit added to its branch', async () => {
    expect(await server.git('rev-parse', 'faster')).toBe(commits.branch);
  });
});

describe('a pull request from a fork', { timeout: TIMEOUT }, () => {
  it('is measured with a token that cannot write anything, and writes nothing', async () => {
    const before = github.state.requests.length;
    const run = await start(onPullRequest(9, commits.fork, 'stranger/functions', 51));
    expect(run.jobs, run.log).toEqual({ local: 'success' });
    const writes = github.state.requests
      .slice(before)
      .filter(({ method, path }) => method !== 'GET' && !/_artifacts|graphql/.test(path));
    expect(writes).toEqual([]);
    expect([commentsOn(9), checksOf(commits.fork)]).toEqual([[], []]);
    expect(run.summary).toContain('(local cloud, not AWS)');
  });

  it('is then published by code of the default branch: comment, check and report', async () => {
    const run = await start(onCompleted(commits.fork, 'stranger/functions', 51));
    expect(run.jobs, run.log).toEqual({ publish: 'success' });
    expect(commentsOn(9)).toHaveLength(1);
    expect(checksOf(commits.fork)).toMatchObject([{ status: 'completed' }]);
    const path = (await kept()).find((one) => one.startsWith('reports/pr-9/'))!;
    expect(await show(path)).toContain('measured-by-a-fork');
    expect(await show('reports/README.md')).toContain(
      path.replace('reports/', '').replace('result.json', 'report.md'),
    );
  });

  it('cannot be published under the number of somebody else', () => {
    expect(commentsOn(7)).toHaveLength(1);
  });
});

describe('/benchmark in a comment', { timeout: TIMEOUT }, () => {
  it('runs the benchmark of the head again for who may write', async () => {
    const run = {
      workflow: 'benchmark.yml',
      event: 'pull_request',
      headSha: commits.branch,
      headBranch: 'faster',
      headRepository: 'octo/functions',
      status: 'completed',
    };
    github.state.workflowRuns.push({ ...run, id: 50, attempt: 1 });
    github.state.collaborators.mona = 'write';
    const at = '2026-11-24T10:00:00Z';
    const comment = { id: 1, issue: 7, login: 'mona', createdAt: at, updatedAt: at, body: '/benchmark' };
    github.state.comments.push(comment);
    const event = {
      action: 'created',
      comment: { id: comment.id, body: comment.body, user: { login: comment.login } },
      issue: { number: 7, pull_request: {} },
      repository,
    };
    const trigger = { workflow: 'command.yml', eventName: 'issue_comment', job: 'benchmark' };
    const done = await start({ ...trigger, event, sha: commits.base, runId: 60 });
    expect(done.jobs, done.log).toEqual({ benchmark: 'success' });
    expect(github.state.workflowRuns).toMatchObject([{ id: 50, attempt: 2 }]);
  });
});

describe('a run by hand', { timeout: TIMEOUT }, () => {
  const byHand = (runId: number, job: string, inputs: Readonly<Record<string, string>>) =>
    start({
      ...{ workflow: 'soak.yml', eventName: 'workflow_dispatch', sha: commits.base, runId, job },
      event: {
        inputs: {
          ...{ profile: 'smoke', duration: '32s', rate: '10', shards: '1', variants: '', target: 'local' },
          ...{ 'report-mode': 'branch', ...inputs },
        },
        ...{ ref: 'refs/heads/main', repository },
      },
    });
  /** Files of the artefact of the result. */
  const filesIn = (runId: number) => {
    const artifact = github.state.artifacts.find(({ run, name }) => run === runId && name === 'soak-result');
    return Object.keys(unzipSync(Buffer.from(artifact!.zip, 'base64'))).sort();
  };
  const artifactsOf = (runId: number) =>
    github.state.artifacts
      .filter(({ run }) => run === runId)
      .map(({ name }) => name)
      .sort();
  const keptResults = async () => (await kept()).filter((one) => /^reports\/\d{4}\//.test(one));

  it('measures as long as asked and commits the report to the data branch', async () => {
    const run = await byHand(52, 'report', {});
    expect(run.jobs, run.log).toEqual({
      ...{ plan: 'success', soak: 'success', report: 'success', teardown: 'skipped' },
    });
    const { design, provenance } = parseResult(await show((await keptResults())[0]!));
    expect(design).toMatchObject({ blocks: 8, rate: 10, shards: null });
    expect(provenance.commit).toBe(commits.base);
    expect(run.summary).toContain('(local cloud, not AWS)');
    expect(checksOf(commits.base)).toMatchObject([{ name: 'soak', status: 'completed' }]);
    expect(filesIn(52)).toEqual(['result.json', 'samples.parquet']);
    expect(artifactsOf(52)).toEqual(['soak-result', 'soak-shard-1']);
  });

  it('merges what several machines sent, and tells that alone', async () => {
    const before = await keptResults().catch((): string[] => []); // The first report makes the branch.
    const run = await byHand(53, 'report', { shards: '2' });
    expect(run.jobs, run.log).toEqual({
      ...{ plan: 'success', soak: 'success', report: 'success', teardown: 'skipped' },
    });
    const [path, ...others] = (await keptResults()).filter((one) => !before.includes(one));
    expect(others).toEqual([]);
    const { design, warnings } = parseResult(await show(path!));
    expect(design).toMatchObject({ shards: 2, blocks: 8, rate: 10 });
    expect(warnings.map(({ code }) => code)).not.toContain('shards-missing');
    expect(filesIn(53)).toEqual(['result.json', 'samples.parquet']);
    expect(artifactsOf(53)).toEqual(['soak-result', 'soak-shard-1', 'soak-shard-2']);
  });
});

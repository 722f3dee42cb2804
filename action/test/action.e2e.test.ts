import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundle } from '../bundle.ts';
import { runIdOfJob, stacksOf } from '../src/cloud/aws/names.ts';
import { findStack } from '../src/cloud/aws/teardown.ts';
import { parseResult } from '../src/report/json.ts';
import { outcomeOf } from '../src/report/outcome.ts';
import { clientsOf, emulator } from './aws/emulated-account.ts';
import { type GitHub, startGitHub } from './github/github.ts';
import { PUBLISHER, pullRequest } from './github/state.ts';
import { functionZip, type Job, startJob } from './job.ts';

const ROOT = resolve(import.meta.dirname, '../..');

let dist: string;
let github: GitHub;
let job: Job;

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'dist-'));
  await bundle(ROOT, dist);
});
afterAll(() => rm(dist, { recursive: true, force: true }));

/** Two functions in zips, two short blocks: a whole run in seconds. */
const CONFIG = `
variants:
  - { name: one, source: one.zip, build: zip, runtime: provided.al2023, handler: bootstrap }
  - { name: two, source: two.zip, build: zip, runtime: provided.al2023, handler: bootstrap }
load: { blocks: 2, slotSeconds: 2, rate: 10, environments: 1, warmup: 1 }
`;

/** A checkout with a commit, which is the head of pull request 7. */
async function openPullRequest(
  inputs: Record<string, string> = {},
  environment: Record<string, string> = {},
): Promise<void> {
  github = await startGitHub({ seed: { tokens: { 'job-token': PUBLISHER } } });
  const sha = 'a'.repeat(40);
  const head = { ref: 'faster', sha };
  github.state.issues.push(pullRequest(7, head));
  job = await startJob({
    ...{ github, dist, sha: 'f'.repeat(40) },
    inputs: { profile: 'smoke', 'github-token': 'job-token', 'report-mode': 'none', ...inputs },
    event: { pull_request: { number: 7, head }, repository: { default_branch: 'main' } },
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: github.idTokenUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: github.oidc.requestToken,
      ...environment,
    },
  });
  await mkdir(join(job.workspace, '.github'));
  await writeFile(join(job.workspace, '.github', 'benchmark.yml'), CONFIG);
  await writeFile(join(job.workspace, 'one.zip'), functionZip('one'));
  await writeFile(join(job.workspace, 'two.zip'), functionZip('the other'));
}

afterEach(async () => {
  await job[Symbol.asyncDispose]();
  await github[Symbol.asyncDispose]();
});

const comment = () => github.state.comments.map(({ body }) => body).join('\n');
const check = () => github.state.checks.at(-1);

describe('the action', () => {
  it('measures the checkout and tells the pull request, the check, the summary and the outputs', async () => {
    await openPullRequest();
    const main = await job.step('main');
    await main.saw('::group::load');
    expect(comment()).toContain('## benchmark: running');
    expect(check()?.status).toBe('in_progress');
    expect(await main.ended, main.log()).toBe(0);
    const outputs = await job.outputs();
    const result = parseResult(await readFile(outputs['result-path'] ?? '', 'utf8'));
    expect(outputs).toMatchObject({ verdict: outcomeOf(result), 'report-url': '', 'cost-usd': '0' });
    expect(outputs['journal-path']).toBe('');
    expect((await stat(outputs['samples-path'] ?? '')).size).toBeGreaterThan(0);
    expect(result.variants.map(({ name, warmRequests }) => [name, warmRequests > 0])).toEqual([
      ['one', true],
      ['two', true],
    ]);
    expect(await readFile(outputs['report-path'] ?? '', 'utf8')).toMatch(/^# two against one/);
    expect(github.state.comments).toHaveLength(1);
    expect(comment()).toContain('## two against one (local cloud, not AWS)');
    expect(check()).toMatchObject({ status: 'completed', conclusion: 'neutral' });
    expect(await job.summary()).toContain('## two against one (local cloud, not AWS)');
    const post = await job.step('post');
    expect(await post.ended).toBe(0);
    expect(check()?.conclusion).toBe('neutral');
  });

  it.each(['::group::build', '::group::local', '::group::load'])(
    'when cancelled at %s ends at once, leaves nothing running, and its post step says so',
    async (moment) => {
      await openPullRequest();
      const main = await job.step('main');
      await main.saw(moment);
      const started = await descendantsOf(main.child.pid ?? 0);
      if (moment === '::group::load') expect(started.length).toBeGreaterThan(2);
      main.child.kill('SIGINT');
      expect(await main.ended, main.log()).toBe(130);
      // A killed process is gone when the system has taken its memory back, which a busy machine may put off.
      await vi.waitFor(() => expect(started.filter(lives)).toEqual([]), { timeout: 2000 });
      expect(comment()).toContain('## benchmark: running');
      const post = await job.step('post');
      expect(await post.ended).toBe(0);
      expect(github.state.comments).toHaveLength(1);
      expect(comment()).toContain('## benchmark: cancelled');
      expect(check()).toMatchObject({ conclusion: 'cancelled' });
      // Where what there is of it lies, so that a workflow can keep it.
      const { 'journal-path': journal, 'result-path': result } = await job.outputs();
      expect([journal?.endsWith('journal'), result]).toEqual([true, undefined]);
    },
  );

  it('is told by its post step, too, when its main step was killed', async () => {
    await openPullRequest();
    const main = await job.step('main');
    await main.saw('::group::build');
    main.child.kill('SIGKILL');
    await main.ended;
    expect(await (await job.step('post')).ended).toBe(0);
    expect(comment()).toContain('## benchmark: cancelled');
  });

  it('says why it failed in the log, the comment and the check', async () => {
    await openPullRequest();
    await writeFile(join(job.workspace, 'two.zip'), 'no zip');
    const main = await job.step('main');
    expect(await main.ended, main.log()).toBe(1);
    expect(main.log()).toMatch(/^::error::.*two/m);
    expect(comment()).toContain('## benchmark: failed');
    expect(check()).toMatchObject({ conclusion: 'failure' });
    expect(await (await job.step('post')).ended).toBe(0);
    expect(comment()).toContain('## benchmark: failed');
  });

  it('tells all faults of its inputs at once, and publishes nothing', async () => {
    await openPullRequest({
      profile: 'quick',
      'fail-on': 'sometimes',
      'budget-usd': '-1',
      name: '<!-- x -->',
    });
    const main = await job.step('main');
    expect(await main.ended).toBe(2);
    for (const words of [
      'The inputs have 4 faults',
      'profile "quick"',
      'fail-on is "sometimes"',
      'budget-usd "-1"',
    ])
      expect(main.log()).toContain(words);
    expect(github.state.requests).toEqual([]);
  });

  it('keeps its verdict from nobody when the report cannot be committed', async () => {
    await openPullRequest({ 'report-mode': 'branch', 'report-branch': 'faster' });
    const main = await job.step('main');
    expect(await main.ended, main.log()).toBe(1);
    expect(main.log()).toContain('the head of pull request 7');
    expect(comment()).toContain('## two against one');
    expect((await job.outputs()).verdict).toBeDefined();
    const concluded = check()?.conclusion;
    expect(await (await job.step('post')).ended).toBe(0);
    expect(comment()).toContain('## two against one');
    expect([concluded, check()?.conclusion]).toEqual(['neutral', 'neutral']);
  });
});

describe('the action on AWS', () => {
  const onAws = { target: 'aws', 'role-to-assume': 'arn:aws:iam::000000000000:role/benchmark' };

  it('has its stacks deleted by the post step when its main step was killed while they were made', async () => {
    await using account = await emulator();
    await openPullRequest(onAws, { AWS_ENDPOINT_URL: account.endpoint });
    const main = await job.step('main');
    await main.saw('deleted by the janitor after');
    await main.saw('packages');
    main.child.kill('SIGKILL');
    await main.ended;
    const post = await job.step('post');
    expect(await post.ended).toBe(0);
    expect(post.log()).toContain('the deletion of what the run made on AWS has begun');
    const { cloudformation } = clientsOf(account.endpoint);
    const { benchmark, packages } = stacksOf(runIdOfJob({ runId: 50, attempt: 1, name: 'benchmark' }));
    // It has waited for that.
    const left = await Promise.all([benchmark, packages].map((name) => findStack(cloudformation, name)));
    expect(left).toEqual([null, null]);
    expect(post.log()).not.toContain('::warning::');
    expect(comment()).toContain('## benchmark: cancelled');
  });

  it('is not begun when it would cost more than its budget', async () => {
    await openPullRequest({ ...onAws, 'budget-usd': '0.0001' });
    const main = await job.step('main');
    expect(await main.ended, main.log()).toBe(2);
    expect(main.log()).toMatch(
      /^::error::The run is estimated at .* and the budget is .*; nothing was deployed/m,
    );
    expect(comment()).toContain('## benchmark: failed');
  });
});

/** Ids of all processes below one. */
async function descendantsOf(pid: number): Promise<number[]> {
  const { stdout } = await execa('ps', ['-eo', 'pid=,ppid=']);
  const parents = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (of: number): number[] =>
    parents.flatMap(([child = 0, parent]) => (parent === of ? [child, ...below(child)] : []));
  return below(pid);
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

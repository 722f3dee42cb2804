import { getOctokit } from '@actions/github';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GitHub, startGitHub } from '../../test/github/github.ts';
import { PUBLISHER, pullRequest } from '../../test/github/state.ts';
import { PublishError } from '../errors.ts';
import { commentEvent, rerun } from './rerun.ts';

const SHA = 'a'.repeat(40);
const repository = { owner: 'octo', repo: 'functions' };
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let github: GitHub;

beforeAll(async () => {
  const permissions = { actions: 'write', 'pull-requests': 'write', contents: 'read' } as const;
  github = await startGitHub({
    seed: {
      tokens: { bot: { ...PUBLISHER, permissions } },
      issues: [pullRequest(7, { ref: 'faster', sha: SHA, repo: 'stranger/functions' })],
      collaborators: { owner: 'admin', mona: 'write', reader: 'read' },
    },
  });
});
afterAll(() => github[Symbol.asyncDispose]());

let commentId: number;
beforeEach(() => {
  commentId = github.state.nextId++;
  const at = '2026-11-24T10:00:00Z';
  github.state.comments.splice(0, Infinity, {
    id: commentId,
    issue: 7,
    login: 'mona',
    createdAt: at,
    updatedAt: at,
    body: '/benchmark',
  });
  const run = {
    ...{ workflow: 'benchmark.yml', event: 'pull_request', status: 'completed', attempt: 1 },
    ...{ headSha: SHA, headBranch: 'faster', headRepository: 'stranger/functions' },
  };
  github.state.workflowRuns.splice(
    0,
    Infinity,
    { ...run, id: 1, headSha: 'b'.repeat(40) },
    { ...run, id: 2 },
    { ...run, id: 3, workflow: 'ci.yml' },
    { ...run, id: 4, headRepository: 'copycat/functions' },
    { ...run, id: 5, headBranch: 'another' },
  );
});

const say = (login: string, body = '/benchmark') => {
  const event = commentEvent({
    comment: { id: commentId, body, user: { login } },
    issue: { number: 7, pull_request: {} },
  });
  return rerun(getOctokit('bot', { baseUrl: github.url, log: quiet }), repository, event);
};
const attempts = () => github.state.workflowRuns.map(({ attempt }) => attempt);

describe('/benchmark', () => {
  it.each(['owner', 'mona'])(
    'by %s, who may write, runs the benchmark of the head again and nothing else',
    async (login) => {
      expect(await say(login, ' /benchmark\n')).toContain('Run 2 is started again');
      expect(attempts()).toEqual([1, 2, 1, 1, 1]);
    },
  );

  it.each(['reader', 'stranger', 'helper[bot]'])('by %s starts nothing', async (login) => {
    expect(await say(login)).toContain('has no write access');
    expect(attempts()).toEqual([1, 1, 1, 1, 1]);
  });

  it('does not approve a run that waits for approval', async () => {
    github.state.workflowRuns[1]!.conclusion = 'action_required';
    await expect(say('mona')).rejects.toThrow(/Run 2 of pull request 7 waits for approval/);
    expect(attempts()).toEqual([1, 1, 1, 1, 1]);
  });

  it.each([
    ['Resource not accessible by integration', 'permissions: actions: write'],
    ['This workflow run cannot be retried', 'Push to the pull request'],
  ])('says what GitHub refused, and what helps: %s', async (message, remedy) => {
    github.state.faults.push({ path: '/rerun', status: 403, message, times: 1 });
    await expect(say('mona')).rejects.toMatchObject({
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
    });
  });

  it('runs that on AWS again, too, unless it was skipped or waits for a reviewer', async () => {
    const [, local] = github.state.workflowRuns;
    const onAws = { ...local!, id: 6, workflow: 'benchmark-aws.yml' };
    github.state.workflowRuns.push(onAws);
    expect(await say('mona')).toContain('Runs 2 and 6 are started again');
    local!.status = 'completed';
    onAws.status = 'waiting';
    expect(await say('mona')).toContain('Run 2 is started again');
    local!.status = 'completed';
    Object.assign(onAws, { status: 'completed', conclusion: 'skipped' });
    expect(await say('mona')).toContain('Run 2 is started again');
    expect([local!.attempt, onAws.attempt]).toEqual([4, 2]);
  });

  it.each(['/benchmark --profile soak', '/benchmarks', 'please /benchmark'])('is not %j', async (body) => {
    expect(await say('mona', body)).toContain('nothing to do');
    expect(attempts()).toEqual([1, 1, 1, 1, 1]);
  });

  it('leaves a run alone that is going on', async () => {
    github.state.workflowRuns[1]!.status = 'in_progress';
    expect(await say('mona')).toContain('still going on');
    expect(attempts()).toEqual([1, 1, 1, 1, 1]);
  });

  it('tells when the head was never measured', async () => {
    github.state.workflowRuns.splice(1, 1);
    await expect(say('mona')).rejects.toThrow(
      'No run of benchmark.yml or benchmark-aws.yml is known for aaaaaaaaaaaa',
    );
  });

  it('is a comment on a pull request, not on an issue', () => {
    expect(() =>
      commentEvent({ comment: { id: 1, body: '/benchmark', user: { login: 'mona' } }, issue: { number: 7 } }),
    ).toThrow(PublishError);
  });
});

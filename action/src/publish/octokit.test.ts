import { describe, expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { githubInEachTest, NOWHERE } from './github.fixture.ts';
import { announce, conclude } from './github.ts';

const github = githubInEachTest();
const { audience, ours } = github;

describe('when GitHub refuses', () => {
  it.each([
    [
      'an expired token',
      () => {
        github.state.tokens.job!.expired = true;
      },
      'job',
      /did not accept the token \(401\)\. Give github-token/,
    ],
    [
      'the token of a fork',
      () => {},
      'fork',
      /403, Resource not accessible by integration\)\. Give the job `permissions: pull-requests: write`/,
    ],
    [
      'a locked conversation',
      () => {
        github.state.issues[0]!.locked = true;
      },
      'job',
      /the conversation is locked/,
    ],
  ])('with %s, warns with a remedy and goes on', async (_, change, token, words) => {
    change();
    await announce(audience(token), []);
    await conclude(audience(token), null, clearVerdict(), NOWHERE);
    expect(github.warnings[0]).toMatch(words);
    expect(ours()).toEqual([]);
  });

  it('still comments with a token that may not write checks, and names the permission', async () => {
    const checkId = await announce(audience('no-checks'), []);
    expect(checkId).toBeNull();
    await conclude(audience('no-checks'), checkId, clearVerdict(), NOWHERE);
    expect(ours()[0]?.body).toContain('rust used 3.1x less');
    expect(github.warnings).toEqual([expect.stringContaining('`permissions: checks: write`')]);
  });

  it('outlasts a bad minute: six answers of 502, then the comment', async () => {
    github.state.faults.push({ status: 502, times: 6 });
    await announce(audience('job', { check: false }), []);
    expect(ours()).toHaveLength(1);
    expect(github.warnings).toEqual([]);
  });

  it('gives up on a bad hour after seven tries, and says where the result is', async () => {
    github.state.faults.push({ status: 502, times: 1e9 });
    await announce(audience('job', { check: false }), []);
    expect(github.state.requests).toHaveLength(7);
    expect(github.warnings).toEqual([
      expect.stringContaining('unwell for longer than we tried (502). The job summary'),
    ]);
  });

  it('waits for a rate limit as long as GitHub says', async () => {
    const headers = { 'retry-after': '1' };
    const message = 'You have exceeded a secondary rate limit';
    github.state.faults.push({ path: '/comments', status: 403, message, headers, times: 1 });
    await announce(audience('job', { check: false }, true), []);
    expect(ours()).toHaveLength(1);
    expect(github.lines).toEqual([expect.stringContaining('trying again in 1 s')]);
  });

  it('does not wait an hour for a rate limit', async () => {
    const reset = String(Math.ceil(Date.now() / 1000) + 3600);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    github.state.faults.push({ status: 403, message: 'API rate limit exceeded', headers, times: 1e9 });
    await announce(audience('job', { check: false }, true), []);
    expect(github.warnings).toEqual([
      expect.stringMatching(/rate limit up \(API rate limit exceeded\)\. Wait until/),
    ]);
    expect(github.lines).toEqual([expect.stringContaining('not trying again')]);
  });

  it('hides no defect of ours', async () => {
    const broken = audience('job', { client: undefined as never });
    await expect(announce(broken, [])).rejects.toThrow(TypeError);
  });
});

import { getOctokit } from '@actions/github';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { type GitServer, startGitServer } from '../../test/github/git-server.ts';
import { type GitHub, startGitHub } from '../../test/github/github.ts';
import { FORK, PUBLISHER } from '../../test/github/state.ts';
import { silent } from '../progress.ts';
import { commitReport } from './commit.ts';
import { signedCommit } from './signed-commit.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let server: GitServer;
let github: GitHub;
beforeEach(async () => {
  server = await startGitServer({ tokens: { bot: 'write' } });
  github = await startGitHub({ seed: { tokens: { bot: PUBLISHER, reader: FORK } }, gitDir: server.gitDir });
});
afterEach(async () => {
  await github[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const octokit = (token: string) => getOctokit(token, { baseUrl: github.url, log: quiet });

function commit(branch: string, more: { seed?: number; token?: string; startFrom?: string } = {}) {
  const { seed = 1, token = 'bot', startFrom = null } = more;
  const result = clearVerdict();
  const publication = {
    result: { ...result, design: { ...result.design, seed } },
    files: [],
    pullRequest: null,
  };
  const signed = signedCommit(octokit(token).graphql, 'octo/functions');
  const remote = { url: server.url, token: 'bot' };
  return commitReport(
    publication,
    { remote, branch, startFrom, signed },
    { progress: silent, firstDelayMs: 20 },
  );
}

/** GitHub is the committer of what it signs. */
const isSigned = async (sha: string) => (await server.git('show', '-s', '--format=%cn', sha)) === 'GitHub';

describe('a signed commit', () => {
  it('is made by the API on a branch that exists, and keeps the other files', async () => {
    const { commit: first } = await commit('main');
    const { commit: second } = await commit('main', { seed: 2 });
    expect([await isSigned(first), await isSigned(second)]).toEqual([true, true]);
    expect((await server.git('ls-tree', '-r', '--name-only', 'main')).match(/result\.json/g)).toHaveLength(2);
  });

  it('begins a branch for a pull request where it is to go', async () => {
    const { commit: sha } = await commit('lambda-duel/x', { startFrom: 'main' });
    expect(await isSigned(sha)).toBe(true);
    expect(await server.git('rev-parse', `${sha}^`)).toBe(await server.git('rev-parse', 'main'));
  });

  it('is not what begins a data branch, which the API cannot make: git pushes that one', async () => {
    const { commit: first } = await commit('benchmark-reports');
    const { commit: second } = await commit('benchmark-reports', { seed: 2 });
    expect([await isSigned(first), await isSigned(second)]).toEqual([false, true]);
  });

  it('is tried again after a race and after a bad minute of the API', async () => {
    github.state.faults.push({ path: '/graphql', status: 502, times: 2 });
    const { attempts, commit: sha } = await commit('main');
    expect(attempts).toBe(3);
    expect(await isSigned(sha)).toBe(true);
  });

  it('gives way to a push where its token may not, so that git tells the reason or lands it', async () => {
    const { commit: sha } = await commit('main', { token: 'reader' });
    expect(await isSigned(sha)).toBe(false);
    expect(await server.git('rev-parse', 'main')).toBe(sha);
  });

  it('loses nothing among 4 publishers', async () => {
    await Promise.all([1, 2, 3, 4].map((seed) => commit('main', { seed })));
    expect((await server.git('ls-tree', '-r', '--name-only', 'main')).match(/result\.json/g)).toHaveLength(4);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { type GitServer, startGitServer } from '../../test/github/git-server.ts';
import { type GitHub, startGitHub } from '../../test/github/github.ts';
import { PUBLISHER } from '../../test/github/state.ts';
import { silent } from '../progress.ts';
import { keepReport } from './keep-report.ts';
import { connect } from './octokit.ts';

let server: GitServer;
let github: GitHub;
beforeEach(async () => {
  server = await startGitServer({ tokens: { bot: 'write' } });
  github = await startGitHub({ seed: { tokens: { bot: PUBLISHER } }, gitDir: server.gitDir });
});
afterEach(async () => {
  await github[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Keeps a report that only its seed tells from others of the same day, commit and profile. */
function keep(seed: number) {
  const result = clearVerdict();
  const run = {
    ...{ owner: 'octo', repo: 'functions', sha: 'a'.repeat(40), pull: null, defaultBranch: 'main' },
    ...{ id: seed, attempt: 1, url: `https://github.example/octo/functions/actions/runs/${seed}` },
    ...{ serverUrl: new URL(server.url).origin, apiUrl: github.url },
  };
  const client = connect({ token: 'bot', apiUrl: github.url, progress: silent, secondMs: 5, polite: false });
  return keepReport({ ...result, design: { ...result.design, seed } }, [], {
    ...{ mode: 'pull-request', branch: 'benchmark-reports', client, run, token: 'bot' },
    ...{ progress: silent, signal: new AbortController().signal },
  });
}

describe('a report that goes into a pull request', () => {
  it('opens one into the default branch, which stays as it is', async () => {
    const main = await server.git('rev-parse', 'main');
    const kept = await keep(1);
    expect(github.state.issues).toMatchObject([
      {
        title: `Benchmark report ${kept?.folder}`,
        pull: { head: { ref: kept?.branch }, base: { ref: 'main' } },
      },
    ]);
    expect(await server.git('rev-parse', 'main')).toBe(main);
    expect(await server.git('rev-parse', kept?.branch ?? '')).toBe(kept?.commit);
  });

  it('joins the one that an earlier run of the same day, commit and profile has opened', async () => {
    const [first, second] = [await keep(1), await keep(2)];
    expect(second).toMatchObject({ branch: first?.branch, folder: `${first?.folder}-2` });
    expect(github.state.issues).toHaveLength(1);
  });
});

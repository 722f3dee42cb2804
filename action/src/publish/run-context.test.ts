import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitHub, startGitHub } from '../../test/github/github.ts';
import { PUBLISHER, pullRequest } from '../../test/github/state.ts';
import { silent } from '../progress.ts';
import { connect } from './octokit.ts';
import { type EventContext, readRun } from './run-context.ts';

const HEAD = 'a'.repeat(40);
const MERGE = 'f'.repeat(40);

let github: GitHub;
let warnings: string[];

beforeEach(async () => {
  warnings = [];
  github = await startGitHub({
    seed: {
      tokens: { job: PUBLISHER, blind: { ...PUBLISHER, permissions: {} } },
      issues: [pullRequest(7, { ref: 'faster', sha: HEAD })],
    },
  });
});
afterEach(() => github[Symbol.asyncDispose]());

function read(changes: Partial<EventContext>, token = 'job') {
  const event: EventContext = {
    ...{ eventName: 'push', sha: HEAD, runId: 50, runAttempt: 2, payload: {} },
    ...{ serverUrl: 'https://github.example', apiUrl: github.url },
    repo: { owner: 'octo', repo: 'functions' },
    ...changes,
  };
  const client = connect({ token, apiUrl: github.url, progress: silent, polite: false });
  return readRun(event, client, (message) => void warnings.push(message));
}

describe('a run', () => {
  it('of a pull request judges its head, not the merge commit that is checked out', async () => {
    const payload = { pull_request: { number: 7, head: { sha: HEAD, ref: 'faster' } } };
    const run = await read({ sha: MERGE, payload });
    expect(run).toMatchObject({
      sha: HEAD,
      pull: { number: 7, headBranch: 'faster' },
      url: 'https://github.example/octo/functions/actions/runs/50',
    });
    expect(github.state.requests).toEqual([]);
  });

  it('started by a comment finds the pull request that was commented on', async () => {
    const run = await read({ sha: MERGE, payload: { issue: { number: 7, pull_request: {} } } });
    expect(run).toMatchObject({ sha: HEAD, pull: { number: 7 } });
  });

  it('of a push finds the open pull request whose head it is, and no merged one', async () => {
    expect(await read({})).toMatchObject({ pull: { number: 7 } });
    github.state.issues[0]!.state = 'closed';
    expect(await read({})).toMatchObject({ sha: HEAD, pull: null });
  });

  it('that may not ask goes on without a pull request, and says which permission is missing', async () => {
    expect(await read({}, 'blind')).toMatchObject({ pull: null });
    expect(warnings).toEqual([expect.stringContaining('`permissions: pull-requests: write`')]);
  });
});

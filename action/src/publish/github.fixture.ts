/** A fake of GitHub with an open pull request, and a run that tells it what came of it. */
import { afterEach, beforeEach } from 'vitest';
import { type GitHub, startGitHub } from '../../test/github/github.ts';
import { FORK, PUBLISHER, pullRequest } from '../../test/github/state.ts';
import type { Progress } from '../progress.ts';
import type { Audience, Page } from './github.ts';
import { connect } from './octokit.ts';
import type { Run } from './run-context.ts';

export const SHA = 'a'.repeat(40);
export const BOT = 'github-actions[bot]';
/** A report that was not committed. */
export const NOWHERE: Page = { committed: null, charts: [] };

/** The GitHub of the test that runs, and what was said to its log: each of the file that calls this gets its own. */
export function githubInEachTest() {
  let github: GitHub;
  let warnings: string[];
  let lines: string[];
  beforeEach(async () => {
    [warnings, lines] = [[], []];
    github = await startGitHub({
      seed: {
        tokens: {
          job: PUBLISHER,
          fork: FORK,
          'no-checks': { ...PUBLISHER, permissions: { 'pull-requests': 'write' } },
        },
        issues: [pullRequest(7, { ref: 'faster', sha: SHA })],
      },
    });
  });
  afterEach(() => github[Symbol.asyncDispose]());

  const progress: Progress = { line: (_, message) => void lines.push(message) };
  const runOf = (changes: Partial<Run> = {}): Run => ({
    ...{ owner: 'octo', repo: 'functions', sha: SHA, id: 50, attempt: 1, defaultBranch: 'main' },
    pull: { number: 7, headBranch: 'faster' },
    url: 'https://github.example/octo/functions/actions/runs/50',
    ...{ serverUrl: 'https://github.example', apiUrl: github.url },
    ...changes,
  });
  return {
    get state() {
      return github.state;
    },
    get warnings() {
      return warnings;
    },
    get lines() {
      return lines;
    },
    runOf,
    audience: (token = 'job', changes: Partial<Audience> = {}, polite = false): Audience => ({
      client: connect({ token, apiUrl: github.url, progress, secondMs: 5, polite }),
      run: runOf(),
      ...{ name: 'benchmark', comment: true, check: true, failOn: 'regression' },
      warn: (message) => void warnings.push(message),
      ...changes,
    }),
    /** Comments by the workflow's own user. */
    ours: () => github.state.comments.filter(({ login }) => login === BOT),
    check: () => github.state.checks.at(-1),
  };
}

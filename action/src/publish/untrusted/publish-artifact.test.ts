import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearVerdict } from '../../../test/fixtures/clear-verdict.ts';
import { provenance } from '../../../test/fixtures/result-builder.ts';
import { type GitServer, startGitServer } from '../../../test/github/git-server.ts';
import { type GitHub, startGitHub } from '../../../test/github/github.ts';
import { PUBLISHER, pullRequest } from '../../../test/github/state.ts';
import { ConfigError, PublishError } from '../../errors.ts';
import { silent } from '../../progress.ts';
import { serialize } from '../../report/json.ts';
import { connect } from '../octokit.ts';
import { publishArtifact, readPolicy } from './publish-artifact.ts';

const SHA = 'c'.repeat(40);
const RUN = 4711;
const BRANCH = 'benchmark-reports';
let server: GitServer;
let github: GitHub;

beforeEach(async () => {
  server = await startGitServer({ tokens: { bot: 'write' }, protectedBranches: ['guarded'] });
  const token = { ...PUBLISHER, permissions: { ...PUBLISHER.permissions, actions: 'read' as const } };
  github = await startGitHub({ seed: { tokens: { bot: token } }, gitDir: server.gitDir });
});
afterEach(async () => {
  await github[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

function measured(
  fork: string,
  text = serialize({ ...clearVerdict(), provenance: provenance({ commit: SHA }) }),
) {
  github.state.issues.push(pullRequest(7, { ref: 'faster', sha: SHA, repo: fork }));
  const zip = Buffer.from(zipSync({ 'result.json': strToU8(text) })).toString('base64');
  github.state.artifacts.push({
    id: 1,
    run: RUN,
    name: 'benchmark-result',
    zip,
    createdAt: '2026-11-24T10:00:00Z',
  });
  const head_repository = { full_name: fork, owner: { login: fork.split('/')[0] } };
  return { workflow_run: { id: RUN, run_attempt: 1, head_sha: SHA, head_branch: 'faster', head_repository } };
}

function publish(
  event: unknown,
  environment: Record<string, string> = {},
  line: (message: string) => void = () => {},
) {
  const serverUrl = new URL(server.url).origin;
  const job = { token: 'bot', owner: 'octo', repo: 'functions', apiUrl: github.url, serverUrl, event };
  const progress = { ...silent, line: (_: string, message: string) => line(message) };
  const client = connect({ ...job, progress, secondMs: 1, polite: false });
  return publishArtifact(client, job, readPolicy(environment), {
    progress,
    signal: new AbortController().signal,
  });
}

const paths = async () => (await server.git('ls-tree', '-r', '--name-only', BRANCH)).split('\n');

describe('publishing what a fork measured', () => {
  it('commits the report below the pull request, comments on it, and reports a check', async () => {
    await publish(measured('stranger/functions'));
    const folder = 'reports/pr-7/2026-11-20-ccccccc-pr';
    expect(await paths()).toEqual(
      expect.arrayContaining([`${folder}/report.md`, `${folder}/result.json`, 'reports/README.md']),
    );
    const commit = await server.git('rev-parse', BRANCH);
    expect(github.state.comments).toHaveLength(1);
    const [comment] = github.state.comments;
    expect(comment).toMatchObject({ issue: 7, login: 'github-actions[bot]' });
    expect(comment?.body).toContain(`/blob/${commit}/${folder}/report.md`);
    expect(github.state.checks).toMatchObject([{ headSha: SHA, status: 'completed', conclusion: 'success' }]);
  });

  it('says in the report that the fork measured it', async () => {
    await publish(measured('stranger/functions'));
    const [report] = (await paths()).filter((path) => path.endsWith('report.md'));
    expect(await server.git('show', `${BRANCH}:${report}`)).toContain(
      'measured by a run of stranger/functions',
    );
  });

  it('tells GitHub in its requests what they are for, and neither the token nor the event', async () => {
    await publish(measured('stranger/functions'));
    const paths = github.state.requests.map(({ path }) => path);
    expect(paths.filter((path) => /token|event|url/i.test(path))).toEqual([]);
  });

  it('publishes a run that is published again once only', async () => {
    const event = measured('stranger/functions');
    await publish(event);
    await publish(event);
    expect(github.state.comments).toHaveLength(1);
    expect(await server.git('rev-list', '--count', BRANCH)).toBe('1');
  });

  it('publishes nothing once the pull request was pushed to or closed', async () => {
    const event = measured('stranger/functions');
    github.state.issues[0]!.state = 'closed';
    const lines: string[] = [];
    await publish(event, {}, (line) => lines.push(line));
    expect(lines.join()).toContain('nothing is published');
    expect([github.state.comments, github.state.checks]).toEqual([[], []]);
  });

  it('publishes nothing of an artefact that it refuses', async () => {
    await expect(publish(measured('stranger/functions', '{"schemaVersion":1}'))).rejects.toThrow(ConfigError);
    expect([github.state.comments, github.state.checks]).toEqual([[], []]);
    expect(await server.git('branch', '--list', BRANCH)).toBe('');
  });
});

describe('publishing what a branch of the repository measured', () => {
  it('adds no second check to the one that its own run made, and no warning', async () => {
    await publish(measured('octo/functions'));
    expect(github.state.checks).toEqual([]);
    const [result] = (await paths()).filter((path) => path.endsWith('result.json'));
    expect(await server.git('show', `${BRANCH}:${result}`)).not.toContain('measured-by-a-fork');
  });

  it('still shows the verdict when the data branch is protected, and then fails with the reason', async () => {
    const attempt = publish(measured('octo/functions'), { REPORT_BRANCH: 'guarded' });
    await expect(attempt).rejects.toThrow(/GH006/);
    expect(github.state.comments).toHaveLength(1);
  });

  it('never commits to the head of the pull request', async () => {
    const attempt = publish(measured('octo/functions'), { REPORT_BRANCH: 'faster' });
    await expect(attempt).rejects.toThrow(PublishError);
    expect(await server.git('branch', '--list', 'faster')).toBe('');
  });

  it('commits nothing in report-mode none', async () => {
    await publish(measured('octo/functions'), { REPORT_MODE: 'none' });
    expect(await server.git('branch', '--list', BRANCH)).toBe('');
    expect(github.state.comments).toHaveLength(1);
  });
});

describe("the repository's policy", () => {
  it('has defaults, also for variables that are empty, and refuses what it does not know', () => {
    expect(readPolicy({ REPORT_MODE: '', FAIL_ON: '' })).toEqual({
      REPORT_MODE: 'branch',
      REPORT_BRANCH: BRANCH,
      FAIL_ON: 'regression',
    });
    expect(() => readPolicy({ REPORT_MODE: 'master' })).toThrow(/REPORT_MODE/);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { headAgainstBase } from '../../test/fixtures/head-against-base.ts';
import { HOSTILE, hostile } from '../../test/fixtures/hostile.ts';
import { threeVariants } from '../../test/fixtures/three-variants.ts';
import { type GitHub, startGitHub } from '../../test/github/github.ts';
import { FORK, PUBLISHER, pullRequest } from '../../test/github/state.ts';
import type { Progress } from '../progress.ts';
import type { Result } from '../result.ts';
import { type Audience, announce, conclude, type Page, retire } from './github.ts';
import { connect } from './octokit.ts';
import type { Run } from './run-context.ts';
import { showComment } from './sticky-comment.ts';

const SHA = 'a'.repeat(40);
const BOT = 'github-actions[bot]';
const NOWHERE: Page = { committed: null, charts: [] };

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

function runOf(changes: Partial<Run> = {}): Run {
  return {
    ...{ owner: 'octo', repo: 'functions', sha: SHA, id: 50, attempt: 1, defaultBranch: 'main' },
    pull: { number: 7, headBranch: 'faster' },
    url: 'https://github.example/octo/functions/actions/runs/50',
    ...{ serverUrl: 'https://github.example', apiUrl: github.url },
    ...changes,
  };
}

const progress: Progress = { line: (_, message) => void lines.push(message) };

function audience(token = 'job', changes: Partial<Audience> = {}, polite = false): Audience {
  return {
    client: connect({ token, apiUrl: github.url, progress, secondMs: 5, polite }),
    run: runOf(),
    ...{ name: 'benchmark', comment: true, check: true, failOn: 'regression' },
    warn: (message) => void warnings.push(message),
    ...changes,
  };
}

const ours = () => github.state.comments.filter(({ login }) => login === BOT);
const check = () => github.state.checks.at(-1);

function strangers(count: number): void {
  const createdAt = new Date(0).toISOString();
  for (let n = 0; n < count; n++)
    github.state.comments.push({
      ...{ id: n + 1, issue: 7, login: 'mona', createdAt, updatedAt: createdAt },
      body: `comment ${n}`,
    });
}

describe('a run on a pull request', () => {
  it('says that it runs, then turns the same comment and check into the verdict', async () => {
    const checkId = await announce(audience(), ['Profile pr.']);
    expect(ours()[0]?.body).toContain('## benchmark: running');
    expect(check()).toMatchObject({ status: 'in_progress', headSha: SHA, name: 'benchmark' });
    await conclude(audience(), checkId, clearVerdict(), NOWHERE);
    expect(ours()).toHaveLength(1);
    expect(ours()[0]?.body).toContain('**rust used 3.1x less Duration than python at p50**');
    expect(check()).toMatchObject({
      conclusion: 'success',
      title: 'rust used 3.1x less Duration than python at p50',
    });
    expect(warnings).toEqual([]);
  });

  it('updates the comment of the run before it, behind 135 others, and makes no second one', async () => {
    strangers(100);
    await announce(audience(), []);
    strangers(35);
    await announce(audience('job', { run: runOf({ id: 51 }) }), []);
    expect(ours()).toHaveLength(1);
  });

  it('leaves alone what somebody else wrote under its marker', async () => {
    await announce(audience(), []);
    const forged = { ...ours()[0]!, id: 1, login: 'mallory' };
    github.state.comments.splice(0, 1, forged);
    await announce(audience(), []);
    expect(github.state.comments.map(({ login }) => login)).toEqual(['mallory', BOT]);
  });

  it('keeps comments of benchmarks with other names apart', async () => {
    await announce(audience(), []);
    await announce(audience('job', { name: 'benchmark-arm64' }), []);
    expect(ours()).toHaveLength(2);
  });

  it('removes a second comment that a lost answer made', async () => {
    await announce(audience(), []);
    github.state.comments.push({ ...ours()[0]!, id: 4242 });
    await announce(audience(), []);
    expect(ours()).toHaveLength(1);
  });

  it('links report and charts by the commit that has them', async () => {
    const committed = { commit: 'c0ffee', folder: 'reports/pr-7/2026-11-24-aaaaaaa-pr' };
    const charts = [
      {
        name: 'forest-1',
        alt: 'intervals',
        light: 'charts/forest-1.light.svg',
        dark: 'charts/forest-1.dark.svg',
      },
    ];
    await conclude(audience(), null, clearVerdict(), { committed, charts });
    const at = (kind: string) => `https://github.example/octo/functions/${kind}/c0ffee/${committed.folder}`;
    expect(ours()[0]?.body).toContain(`[Report](${at('blob')}/report.md)`);
    expect(ours()[0]?.body).toContain(`src="${at('raw')}/charts/forest-1.light.svg"`);
  });

  it('says in the title of the check what the change did, not what the variants are to each other', async () => {
    const checkId = await announce(audience(), []);
    await conclude(audience(), checkId, headAgainstBase(), NOWHERE);
    expect(check()).toMatchObject({ conclusion: 'failure', title: expect.stringContaining('python-base') });
  });

  it.each(['../../_temp/benchmark.yml', '/etc/passwd', '', 'a b', 'default'])(
    'annotates the usual config when the result says that its config is %j',
    async (path) => {
      const result = manyWorse(1);
      const config = { ...result.provenance.config, path };
      const checkId = await announce(audience(), []);
      await conclude(
        audience(),
        checkId,
        { ...result, provenance: { ...result.provenance, config } },
        NOWHERE,
      );
      expect(check()?.annotations[0]).toMatchObject({ path: '.github/benchmark.yml' });
    },
  );

  it('annotates every deciding metric that is worse, however many', async () => {
    const result = manyWorse(120);
    const checkId = await announce(audience(), []);
    await conclude(audience(), checkId, result, NOWHERE);
    expect(check()?.annotations).toHaveLength(120);
    expect(check()).toMatchObject({ conclusion: 'failure' });
    expect(check()?.annotations[0]).toMatchObject({ annotation_level: 'failure', start_line: 1 });
    expect(warnings).toEqual([]);
  });

  it('publishes a hostile result, as words', async () => {
    const checkId = await announce(audience(), [...HOSTILE]);
    expect(ours()[0]?.body).not.toMatch(/<script|@octocat/);
    await conclude(audience(), checkId, hostile(), NOWHERE);
    expect(ours()[0]?.body).not.toMatch(/<script|@octocat/);
    expect(check()).toMatchObject({ conclusion: 'neutral' });
    expect(warnings).toEqual([]);
  });

  it('publishes nothing that nobody asked for', async () => {
    const silent = audience('job', { comment: false, check: false });
    await conclude(silent, await announce(silent, []), clearVerdict(), NOWHERE);
    expect(github.state.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('concludes the check of a run without a pull request', async () => {
    const pushed = audience('job', { run: runOf({ pull: null }) });
    await conclude(pushed, await announce(pushed, []), clearVerdict(), NOWHERE);
    expect(github.state.comments).toEqual([]);
    expect(check()).toMatchObject({ conclusion: 'success' });
  });
});

describe('when the world changes meanwhile', () => {
  it('writes the comment again that somebody deleted', async () => {
    const checkId = await announce(audience(), []);
    github.state.comments.length = 0;
    await conclude(audience(), checkId, clearVerdict(), NOWHERE);
    expect(ours()[0]?.body).toContain('rust used 3.1x less');
  });

  it('writes it again, too, if it goes between the look-up and the update', async () => {
    await announce(audience(), []);
    github.state.faults.push({ method: 'PATCH', path: '/issues/comments/', status: 404, times: 1 });
    await conclude(audience(), null, clearVerdict(), NOWHERE);
    expect(ours().at(-1)?.body).toContain('rust used 3.1x less');
    expect(warnings).toEqual([]);
  });

  it('says that the branch has moved on, and to which commit', async () => {
    const checkId = await announce(audience(), []);
    github.state.issues[0]!.pull!.head.sha = 'b'.repeat(40);
    await conclude(audience(), checkId, clearVerdict(), NOWHERE);
    expect(ours()[0]?.body).toContain(
      'this is about commit aaaaaaaaaaaa; the branch has moved on to bbbbbbbbbbbb.',
    );
    expect(check()).toMatchObject({ headSha: SHA, conclusion: 'success' });
  });

  it('says that the pull request was closed, and still tells the verdict, though its branch and fork are gone', async () => {
    const checkId = await announce(audience(), []);
    github.state.issues[0]!.state = 'closed';
    github.state.issues[0]!.pull!.head.repo = '';
    await conclude(audience(), checkId, clearVerdict(), NOWHERE);
    expect(ours()[0]?.body).toContain('the pull request was closed while this ran.');
    expect(ours()[0]?.body).toContain('rust used 3.1x less');
  });

  it('does not overwrite what a newer run, or a newer attempt, has said', async () => {
    await conclude(audience('job', { run: runOf({ id: 51 }) }), null, clearVerdict(), NOWHERE);
    await retire(audience(), null, 'failed', []);
    expect(ours()[0]?.body).toContain('rust used 3.1x less');
    await announce(audience('job', { run: runOf({ id: 51, attempt: 2 }) }), []);
    expect(ours()[0]?.body).toContain('benchmark: running');
    expect(ours()).toHaveLength(1);
  });
});

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
    expect(warnings[0]).toMatch(words);
    expect(ours()).toEqual([]);
  });

  it('still comments with a token that may not write checks, and names the permission', async () => {
    const checkId = await announce(audience('no-checks'), []);
    expect(checkId).toBeNull();
    await conclude(audience('no-checks'), checkId, clearVerdict(), NOWHERE);
    expect(ours()[0]?.body).toContain('rust used 3.1x less');
    expect(warnings).toEqual([expect.stringContaining('`permissions: checks: write`')]);
  });

  it('outlasts a bad minute: six answers of 502, then the comment', async () => {
    github.state.faults.push({ status: 502, times: 6 });
    await announce(audience('job', { check: false }), []);
    expect(ours()).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it('gives up on a bad hour after seven tries, and says where the result is', async () => {
    github.state.faults.push({ status: 502, times: 1e9 });
    await announce(audience('job', { check: false }), []);
    expect(github.state.requests).toHaveLength(7);
    expect(warnings).toEqual([
      expect.stringContaining('unwell for longer than we tried (502). The job summary'),
    ]);
  });

  it('waits for a rate limit as long as GitHub says', async () => {
    const headers = { 'retry-after': '1' };
    const message = 'You have exceeded a secondary rate limit';
    github.state.faults.push({ path: '/comments', status: 403, message, headers, times: 1 });
    await announce(audience('job', { check: false }, true), []);
    expect(ours()).toHaveLength(1);
    expect(lines).toEqual([expect.stringContaining('trying again in 1 s')]);
  });

  it('does not wait an hour for a rate limit', async () => {
    const reset = String(Math.ceil(Date.now() / 1000) + 3600);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    github.state.faults.push({ status: 403, message: 'API rate limit exceeded', headers, times: 1e9 });
    await announce(audience('job', { check: false }, true), []);
    expect(warnings).toEqual([
      expect.stringMatching(/rate limit up \(API rate limit exceeded\)\. Wait until/),
    ]);
    expect(lines).toEqual([expect.stringContaining('not trying again')]);
  });

  it('hides no defect of ours', async () => {
    const broken = audience('job', { client: undefined as never });
    await expect(announce(broken, [])).rejects.toThrow(TypeError);
  });
});

describe('a run without a verdict', () => {
  it('says so with the error as words, and fails its check', async () => {
    const checkId = await announce(audience(), []);
    await retire(audience(), checkId, 'failed', ['cargo said: <b>@octocat</b>', 'Mend it.']);
    expect(ours()[0]?.body).toContain('## benchmark: failed');
    expect(ours()[0]?.body).toContain('&lt;b&gt;@&#8203;octocat&lt;/b&gt;');
    expect(check()).toMatchObject({ conclusion: 'failure' });
  });

  it('says that it was cancelled', async () => {
    const checkId = await announce(audience(), []);
    await retire(audience(), checkId, 'cancelled', []);
    expect(ours()[0]?.body).toContain('## benchmark: cancelled');
    expect(check()).toMatchObject({ conclusion: 'cancelled' });
  });
});

it('finds its comment by the name only', async () => {
  const place = { client: audience().client, run: runOf(), pullNumber: 7, name: 'a' };
  const url = await showComment(place, 'hello');
  expect(url).toContain('#issuecomment-');
  expect(ours()[0]?.body.startsWith('<!-- lambda-duel: a -->\n')).toBe(true);
});

/** As many worse pairs as annotations are wanted. */
function manyWorse(count: number): Result {
  const result = threeVariants();
  const worse = result.pairs.find((pair) => pair.comparisons.some((one) => one.verdict === 'worse'))!;
  const comparison = {
    ...worse.comparisons.find((one) => one.family === 'gate')!,
    ...{ verdict: 'worse' as const, estimate: 0.4, lo: 0.3, hi: 0.5, pHolm: 0.001 },
  };
  return { ...result, pairs: Array.from({ length: count }, () => ({ ...worse, comparisons: [comparison] })) };
}

import { getOctokit } from '@actions/github';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearVerdict } from '../../../test/fixtures/clear-verdict.ts';
import { provenance } from '../../../test/fixtures/result-builder.ts';
import { type GitHub, startGitHub } from '../../../test/github/github.ts';
import { PUBLISHER, pullRequest } from '../../../test/github/state.ts';
import { DuelError } from '../../errors.ts';
import { serialize } from '../../report/json.ts';
import { downloadResult, readResult } from './artifact.ts';
import { hostileResult } from './hostile-result.ts';
import { pullRequestOf, workflowRun } from './workflow-run.ts';

const SHA = 'c'.repeat(40);
const RUN = 4711;
const repository = { owner: 'octo', repo: 'functions' };
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

let github: GitHub;
const octokit = (token = 'publisher') => getOctokit(token, { baseUrl: github.url, log: quiet });

beforeAll(async () => {
  const permissions = { ...PUBLISHER.permissions, actions: 'read' as const };
  github = await startGitHub({
    seed: { tokens: { publisher: { ...PUBLISHER, permissions }, scanty: PUBLISHER } },
  });
});
afterAll(() => github[Symbol.asyncDispose]());
beforeEach(() => {
  github.state.artifacts.length = 0;
  github.state.issues.length = 0;
});

const good = () => serialize({ ...clearVerdict(), provenance: provenance({ commit: SHA }) });
const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const zipped = (files: Record<string, string>) =>
  Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
  );
const upload = (zip: Buffer, more: { name?: string; claimedBytes?: number; createdAt?: string } = {}) =>
  void github.state.artifacts.push({
    id: github.state.nextId++,
    run: RUN,
    name: 'benchmark-result',
    zip: zip.toString('base64'),
    createdAt: '2026-11-24T10:00:00Z',
    ...more,
  });
const download = (token?: string) => downloadResult(octokit(token), repository, RUN);

async function refusal(attempt: Promise<unknown> | (() => unknown)): Promise<DuelError> {
  const error = await Promise.resolve(
    typeof attempt === 'function' ? new Promise((done) => done(attempt())) : attempt,
  ).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DuelError);
  return error as DuelError;
}

describe('an artefact of a stranger', () => {
  it('is taken when it is what a run of ours uploads, the newest of several attempts', async () => {
    upload(zipped({ 'result.json': good(), 'report.md': '# ignored' }), {
      createdAt: '2026-11-24T11:00:00Z',
    });
    upload(zipped({ 'result.json': '{"old":1}' }));
    upload(zipped({ 'result.json': '{}' }), { name: 'another', createdAt: '2026-11-24T12:00:00Z' });
    expect(await download()).toBe(good());
    expect(hostileResult(good(), SHA).provenance.commit).toBe(SHA);
  });

  it('is refused by its claimed size before it is downloaded', async () => {
    upload(zipped({ 'result.json': good() }), { claimedBytes: 101 * 2 ** 20 });
    const before = github.state.requests.length;
    expect((await refusal(download())).message).toContain('101.0 MiB; 100.0 MiB are allowed');
    expect(github.state.requests.slice(before).filter(({ path }) => path.includes('/zip'))).toEqual([]);
  });

  it('is cut off at 100 MiB when it claimed to be small', async () => {
    upload(Buffer.alloc(101 * 2 ** 20), { claimedBytes: 1000 });
    expect((await refusal(download())).message).toMatch(/has 100\.\d MiB; 100\.0 MiB are allowed/);
  });

  it('is refused as a zip bomb by what its entry says, and when its entry lies', async () => {
    const bomb = zipped({ 'result.json': ' '.repeat(9 * 2 ** 20) });
    expect(bomb.length).toBeLessThan(100_000);
    expect((await refusal(readResult(bomb))).message).toContain('result.json has 9.0 MiB; 8.0 MiB');
    const liar = Buffer.from(bomb);
    // The uncompressed size in the central directory (APPNOTE 4.3.12, offset 24).
    liar.writeUInt32LE(10, liar.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
    expect((await refusal(readResult(liar))).message).toMatch(/too many bytes/);
  });

  it.each([
    [
      'leaves its folder',
      { '../../.github/workflows/x.yml': 'on: push', 'result.json': good() },
      'invalid relative path',
    ],
    ['is absolute', { '/etc/passwd': 'x', 'result.json': good() }, 'absolute path'],
    ['leaves it by a backslash', { '..\\..\\x': 'x', 'result.json': good() }, 'invalid'],
  ])('is refused when a name in it %s', async (_, files, words) => {
    expect((await refusal(readResult(zipped(files)))).message).toContain(words);
  });

  it('is refused when it is no zip, has too many entries, or lacks the result', async () => {
    expect((await refusal(readResult(Buffer.from('hello')))).message).toContain(
      "is not one of this workflow's",
    );
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`f${index}`, '']));
    expect((await refusal(readResult(zipped(many)))).message).toContain('101 entries');
    expect((await refusal(readResult(zipped({ 'sub/result.json': good() })))).message).toContain(
      'no result.json',
    );
  });

  it('that is not there is told with the run to look at', async () => {
    expect((await refusal(download())).message).toContain(`Workflow run ${RUN} has no artefact`);
  });
});

describe('a result of a stranger', () => {
  it.each([
    ['is no JSON', 'nonsense', 'not JSON'],
    ['has another schema', '{"schemaVersion":1,"variants":"many"}', 'not a valid result'],
    ['has a later version', '{"schemaVersion":99}', 'schemaVersion 99'],
    ['is nested too deep', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'nested deeper'],
    ['hides behind what is nested too deep', good().replace('{', `{"deep": ${DEEP},`), 'nested deeper'],
    [
      'reaches for the prototype',
      good().replace('"tools": {', '"tools": {"__proto__": {"polluted": "yes"},'),
      '__proto__',
    ],
    ['reaches for the constructor', good().replace('{', '{"constructor": {"prototype": {}},'), 'constructor'],
    [
      'has a list that no run fills',
      good().replace('"warnings": [', `"more": [${'0,'.repeat(10_001)}0], "warnings": [`),
      'list of 10002',
    ],
    ['has a number that is text', good().replace(/"seed": \d+/, '"seed": "1; rm -rf /"'), 'design.seed'],
    [
      'is of the future',
      good().replace(/"createdAt": "\d{4}/, '"createdAt": "9999'),
      'claims to be of 9999-',
    ],
    [
      'is of no day',
      good().replace(/"createdAt": "[\d-]+/, '"createdAt": "9999-99-99'),
      'claims to be of 9999-99-99',
    ],
    ['is of another commit than the run', good().replaceAll(SHA, 'd'.repeat(40)), 'claims commit dddd'],
  ])('is refused when it %s', async (_, text, words) => {
    expect((await refusal(() => hostileResult(text, SHA))).message).toContain(words);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('the pull request that a report belongs to', () => {
  const event = {
    workflow_run: {
      id: RUN,
      run_attempt: 1,
      head_sha: SHA,
      head_branch: 'faster',
      head_repository: { full_name: 'stranger/functions', owner: { login: 'stranger' } },
      pull_requests: [],
    },
  };
  const own = { ref: 'faster', sha: SHA, repo: 'stranger/functions' };
  const find = () => pullRequestOf(octokit(), repository, workflowRun(event));

  it('is the open one of the same commit, branch and fork, among others', async () => {
    github.state.issues.push(
      pullRequest(1, { ref: 'faster', sha: SHA }),
      pullRequest(2, { ref: 'faster', sha: SHA, repo: 'victim/functions' }),
      pullRequest(3, { ...own, ref: 'other' }),
      pullRequest(9, own),
    );
    expect(await find()).toBe(9);
  });

  it('is none when it was pushed to, closed, or its fork deleted', async () => {
    github.state.issues.push(pullRequest(9, { ...own, sha: 'e'.repeat(40) }));
    expect(await find()).toBeNull();
    github.state.issues.splice(0, 1, { ...pullRequest(9, own), state: 'closed' });
    expect(await find()).toBeNull();
    github.state.issues.splice(0, 1, pullRequest(9, { ...own, repo: '' }));
    expect(await find()).toBeNull();
  });

  it('is never asked of the artefact: a number in it changes nothing', async () => {
    github.state.issues.push(pullRequest(1, { ref: 'victim', sha: SHA }), pullRequest(9, own));
    upload(
      zipped({ 'result.json': good().replace('{', '{"pullRequest": 1, "pr": 1,'), 'pr-number.txt': '1' }),
    );
    const result = hostileResult(await download(), SHA);
    expect(serialize(result)).toBe(good());
    expect(await find()).toBe(9);
  });

  it('needs a workflow_run event', async () => {
    expect((await refusal(() => workflowRun({ pull_request: { number: 1 } }))).remedy).toContain(
      'on: workflow_run',
    );
    const forged = { workflow_run: { ...event.workflow_run, head_sha: 'HEAD; rm -rf /' } };
    expect((await refusal(() => workflowRun(forged))).message).toContain('head_sha');
  });

  it('cannot be read by a token without the permission', async () => {
    upload(zipped({ 'result.json': good() }));
    await expect(download('scanty')).rejects.toMatchObject({ status: 403 });
  });
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure, gitServerInEachTest, publication, quick, REPORTS, run } from './commit.fixture.ts';
import { commitReport } from './commit.ts';
import { openGitStore } from './git-store.ts';

const remote = gitServerInEachTest();
const { to, count } = remote;

it("a store's folder tells whose it is, so that what a killed run left can be told from what is in use", async () => {
  await using _store = await openGitStore({ url: remote.server.url, token: null });
  const ours = (await readdir(tmpdir())).filter((name) => name.startsWith(`lambda-duel-${process.pid}-git-`));
  expect(ours).toHaveLength(1);
});

describe('an outage of the server', () => {
  it('is waited out: 502 at six requests, then the report lands', async () => {
    remote.server.outage.push(502, 502, 503, 500, 502, 502);
    const { attempts } = await commitReport(publication(run(1)), to(REPORTS), quick);
    expect(attempts).toBeGreaterThan(6);
    expect(await count(REPORTS)).toBe(1);
  });

  it('that does not end is told, with the number of attempts', async () => {
    remote.server.outage.push(...Array<number>(50).fill(502));
    const error = await failure(commitReport(publication(run(1)), to(REPORTS), { ...quick, retries: 2 }));
    expect(error.message).toContain('in 3 attempts');
    expect(error.message).toContain('502');
  });
});

describe('a refusal that will not pass', () => {
  it.each([
    ['a protected branch', 'guarded', 'writer', 'GH006', 'report-mode: pull-request'],
    ['a ruleset', 'ruled', 'writer', 'GH013', 'report-mode: branch'],
    ['a read-only token', REPORTS, 'reader', '403', 'contents: write'],
    ['an expired token', REPORTS, 'expired', '401', 'github-token'],
  ])('of %s fails at the first attempt and says what to do', async (_, branch, token, words, remedy) => {
    const lines: string[] = [];
    const progress = { line: (_scope: string, message: string) => void lines.push(message) };
    const error = await failure(
      commitReport(publication(run(1)), to(branch, { token }), { ...quick, progress }),
    );
    expect(error.message).toContain(words);
    expect(error.remedy).toContain(remedy);
    expect(lines.filter((line) => line.includes('trying again'))).toEqual([]);
  });

  it('never shows the token', async () => {
    const error = await failure(commitReport(publication(run(1)), to(REPORTS, { token: 'expired' }), quick));
    expect(`${error.message} ${error.stack}`).not.toMatch(/expired:|eC1hY2Nlc3Mt/);
  });
});

describe('the checkout of the job', () => {
  let checkout: string;
  beforeEach(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'duel-checkout-'));
  });
  afterEach(() => rm(checkout, { recursive: true }));

  it('is not touched, whatever is staged, changed or configured in it', async () => {
    const git = async (...args: string[]) => (await execa('git', args, { cwd: checkout })).stdout;
    await git('init', '--quiet');
    await writeFile(join(checkout, 'staged.txt'), 'staged');
    await git('add', '.');
    await writeFile(join(checkout, 'staged.txt'), 'changed');
    const before = [await git('status', '--porcelain'), await readFile(join(checkout, '.git/index'))];
    const here = process.cwd();
    process.env.GIT_DIR = join(checkout, '.git');
    process.env.GIT_INDEX_FILE = join(checkout, '.git/index');
    try {
      await commitReport(publication(run(1)), to(REPORTS), quick);
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.GIT_INDEX_FILE;
    }
    expect(process.cwd()).toBe(here);
    expect([await git('status', '--porcelain'), await readFile(join(checkout, '.git/index'))]).toEqual(
      before,
    );
    expect(await readdir(checkout)).toEqual(['.git', 'staged.txt']);
  });

  it('does not lend its own credentials: two of them are what GitHub answers with 400', async () => {
    const config = join(checkout, 'gitconfig');
    await writeFile(
      config,
      `[http "${new URL(remote.server.url).origin}/"]\n\textraHeader = AUTHORIZATION: basic b2xk\n`,
    );
    process.env.GIT_CONFIG_GLOBAL = config;
    try {
      await commitReport(publication(run(1)), to(REPORTS), quick);
    } finally {
      delete process.env.GIT_CONFIG_GLOBAL;
    }
    expect(await count(REPORTS)).toBe(1);
  });
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { provenance } from '../../test/fixtures/result-builder.ts';
import { type GitServer, startGitServer } from '../../test/github/git-server.ts';
import { PublishError } from '../errors.ts';
import { silent } from '../progress.ts';
import { parseResult, serialize } from '../report/json.ts';
import type { Result } from '../result.ts';
import { commitReport, type Destination, type Publication } from './commit.ts';

const REPORTS = 'benchmark-reports';
let server: GitServer;
beforeEach(async () => {
  server = await startGitServer({
    tokens: { writer: 'write', reader: 'read' },
    protectedBranches: ['guarded'],
    ruledBranches: ['ruled'],
  });
});
afterEach(() => server[Symbol.asyncDispose]());

const quick = { progress: silent, firstDelayMs: 20 };

function to(branch: string, more: Partial<Destination> & { token?: string } = {}): Destination {
  const { token = 'writer', ...rest } = more;
  return { remote: { url: server.url, token }, branch, startFrom: null, signed: null, ...rest };
}

/** Results differ by their seed, as two real runs do. */
function run(seed: number, createdAt = '2026-11-20T12:34:56.789Z'): Result {
  const result = clearVerdict();
  const stored = { ...result, provenance: provenance({ createdAt }), design: { ...result.design, seed } };
  return parseResult(serialize(stored));
}

function publication(result: Result, pullRequest: number | null = null): Publication {
  return { result, files: [{ path: 'report.md', content: `# seed ${result.design.seed}\n` }], pullRequest };
}

const paths = async (branch: string) =>
  (await server.git('ls-tree', '-r', '--name-only', branch)).split('\n');
const show = (branch: string, path: string) => server.git('show', `${branch}:${path}`);
const count = async (branch: string) => Number(await server.git('rev-list', '--count', branch));

async function failure(attempt: Promise<unknown>): Promise<PublishError> {
  const error = await attempt.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PublishError);
  return error as PublishError;
}

describe('committing a report', () => {
  it('begins the data branch with the report, its result and the index', async () => {
    const { folder, commit, attempts } = await commitReport(publication(run(1)), to(REPORTS), quick);
    expect(folder).toBe('reports/2026/2026-11-20-0123456-pr');
    expect(attempts).toBe(1);
    expect(await paths(REPORTS)).toEqual([
      `${folder}/report.md`,
      `${folder}/result.json`,
      'reports/README.md',
    ]);
    expect(await server.git('rev-parse', REPORTS)).toBe(commit);
    expect(await show(REPORTS, `${folder}/result.json`)).toBe(serialize(run(1)).trim());
  });

  it('adds to what is there and keeps every other file of the branch', async () => {
    await commitReport(publication(run(1)), to('main'), quick);
    await commitReport(publication(run(2, '2026-11-21T00:00:00.000Z')), to('main'), quick);
    expect(await count('main')).toBe(3);
    const index = await show('main', 'reports/README.md');
    expect(index.indexOf('2026-11-21 00:00:00 UTC')).toBeLessThan(index.indexOf('2026-11-20 12:34:56 UTC'));
    expect(index).toContain('(2026/2026-11-21-0123456-pr/report.md)');
  });

  it('keeps a second run of the same day, commit and profile beside the first', async () => {
    await commitReport(publication(run(1)), to(REPORTS), quick);
    const second = await commitReport(publication(run(2)), to(REPORTS), quick);
    expect(second.folder).toBe('reports/2026/2026-11-20-0123456-pr-2');
    expect(await show(REPORTS, 'reports/2026/2026-11-20-0123456-pr/report.md')).toBe('# seed 1');
  });

  it('commits nothing when the same result is kept already', async () => {
    const first = await commitReport(publication(run(1)), to(REPORTS), quick);
    const again = await commitReport(publication(run(1)), to(REPORTS), quick);
    expect(again).toEqual(first);
    expect(await count(REPORTS)).toBe(1);
  });

  it('keeps runs of a pull request apart, with binary files whole', async () => {
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff]);
    const report = { ...publication(run(1), 7), files: [{ path: 'charts/p50.png', content: png }] };
    const { folder } = await commitReport(report, to(REPORTS), quick);
    expect(folder).toBe('reports/pr-7/2026-11-20-0123456-pr');
    const blob = await execa(
      'git',
      ['--git-dir', server.gitDir, 'show', `${REPORTS}:${folder}/charts/p50.png`],
      { encoding: 'buffer' },
    );
    expect(Uint8Array.from(blob.stdout)).toEqual(png);
  });

  it('begins a branch for a pull request at the branch it is to go into', async () => {
    const { commit } = await commitReport(
      publication(run(1)),
      to('lambda-duel/x', { startFrom: 'main' }),
      quick,
    );
    expect(await server.git('rev-parse', `${commit}^`)).toBe(await server.git('rev-parse', 'main'));
  });

  it('lists a result that it cannot read instead of failing on it', async () => {
    await commitReport(publication(run(1)), to(REPORTS), quick);
    const blob = (
      await execa('git', ['--git-dir', server.gitDir, 'hash-object', '-w', '--stdin'], {
        input: '{"schemaVersion":99}',
      })
    ).stdout;
    await addToBranch(REPORTS, 'reports/2025/2025-01-01-abcdef0-pr/result.json', blob);
    await commitReport(publication(run(2)), to(REPORTS), quick);
    expect(await show(REPORTS, 'reports/README.md')).toContain('its result.json cannot be read');
  });

  it('refuses a file that would leave the folder of its report', async () => {
    const report = {
      ...publication(run(1)),
      files: [{ path: '../../.github/workflows/x.yml', content: 'on: push' }],
    };
    expect((await failure(commitReport(report, to(REPORTS), quick))).message).toContain('../../.github');
  });
});

/** What another writer does between our fetch and our push. */
async function addToBranch(branch: string, path: string, blob: string): Promise<void> {
  const env = { GIT_DIR: server.gitDir, GIT_INDEX_FILE: join(server.gitDir, `rival-${path.length}.index`) };
  const author = {
    GIT_AUTHOR_NAME: 'rival',
    GIT_AUTHOR_EMAIL: 'r@example.com',
    GIT_COMMITTER_NAME: 'rival',
    GIT_COMMITTER_EMAIL: 'r@example.com',
  };
  const git = async (...args: string[]) => (await execa('git', args, { env: { ...env, ...author } })).stdout;
  await git('read-tree', branch);
  await git('update-index', '--add', '--cacheinfo', `100644,${blob},${path}`);
  await git(
    'update-ref',
    `refs/heads/${branch}`,
    await git('commit-tree', await git('write-tree'), '-p', branch, '-m', 'rival'),
  );
}

describe('a race', () => {
  it('is lost once and won at the next attempt, on top of the rival', async () => {
    await commitReport(publication(run(1)), to(REPORTS), quick);
    const blob = await server.git('hash-object', '-w', '-t', 'blob', '/dev/null');
    server.beforePush = async () => {
      server.beforePush = null;
      await addToBranch(REPORTS, 'rival.txt', blob);
    };
    const { attempts } = await commitReport(publication(run(2)), to(REPORTS), quick);
    expect(attempts).toBe(2);
    expect(await paths(REPORTS)).toContain('rival.txt');
    expect(await count(REPORTS)).toBe(3);
  });

  it('is no reason to fail when the branch is deleted meanwhile: it begins anew', async () => {
    await commitReport(publication(run(1)), to(REPORTS), quick);
    server.beforePush = async () => {
      server.beforePush = null;
      await server.git('update-ref', '-d', `refs/heads/${REPORTS}`);
    };
    const { attempts } = await commitReport(publication(run(2)), to(REPORTS), quick);
    expect(attempts).toBe(2);
    expect(await count(REPORTS)).toBe(1);
  });

  it('loses nothing among 8 publishers of 5 reports each', async () => {
    const retries = { ...quick, retries: 60, firstDelayMs: 100 };
    const publisher = async (writer: number) => {
      const folders: string[] = [];
      for (let report = 0; report < 5; report += 1) {
        const { folder } = await commitReport(publication(run(10 * writer + report)), to(REPORTS), retries);
        folders.push(folder);
      }
      return folders;
    };
    const folders = (await Promise.all(Array.from({ length: 8 }, (_, writer) => publisher(writer)))).flat();
    expect(new Set(folders).size).toBe(40);
    const kept = (await paths(REPORTS)).filter((path) => path.endsWith('/result.json'));
    const seeds = await Promise.all(
      kept.map(async (path) => parseResult(await show(REPORTS, path)).design.seed!),
    );
    expect(seeds.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, i) => 10 * Math.floor(i / 5) + (i % 5)),
    );
    expect(await count(REPORTS)).toBe(40);
    expect((await show(REPORTS, 'reports/README.md')).match(/\/report\.md\)/g)).toHaveLength(40);
  }, 600_000);
});

describe('an outage of the server', () => {
  it('is waited out: 502 at six requests, then the report lands', async () => {
    server.outage.push(502, 502, 503, 500, 502, 502);
    const { attempts } = await commitReport(publication(run(1)), to(REPORTS), quick);
    expect(attempts).toBeGreaterThan(6);
    expect(await count(REPORTS)).toBe(1);
  });

  it('that does not end is told, with the number of attempts', async () => {
    server.outage.push(...Array<number>(50).fill(502));
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
      `[http "${new URL(server.url).origin}/"]\n\textraHeader = AUTHORIZATION: basic b2xk\n`,
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

import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { parseResult, serialize } from '../report/json.ts';
import { failure, gitServerInEachTest, publication, quick, REPORTS, run } from './commit.fixture.ts';
import { commitReport } from './commit.ts';

const remote = gitServerInEachTest();
const { to, paths, show, count } = remote;

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
    expect(await remote.server.git('rev-parse', REPORTS)).toBe(commit);
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
      ['--git-dir', remote.server.gitDir, 'show', `${REPORTS}:${folder}/charts/p50.png`],
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
    const main = await remote.server.git('rev-parse', 'main');
    expect(await remote.server.git('rev-parse', `${commit}^`)).toBe(main);
  });

  it('lists a result that it cannot read instead of failing on it', async () => {
    await commitReport(publication(run(1)), to(REPORTS), quick);
    const blob = (
      await execa('git', ['--git-dir', remote.server.gitDir, 'hash-object', '-w', '--stdin'], {
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
  const { gitDir } = remote.server;
  const env = { GIT_DIR: gitDir, GIT_INDEX_FILE: join(gitDir, `rival-${path.length}.index`) };
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
    const blob = await remote.server.git('hash-object', '-w', '-t', 'blob', '/dev/null');
    remote.server.beforePush = async () => {
      remote.server.beforePush = null;
      await addToBranch(REPORTS, 'rival.txt', blob);
    };
    const { attempts } = await commitReport(publication(run(2)), to(REPORTS), quick);
    expect(attempts).toBe(2);
    expect(await paths(REPORTS)).toContain('rival.txt');
    expect(await count(REPORTS)).toBe(3);
  });

  it('is no reason to fail when the branch is deleted meanwhile: it begins anew', async () => {
    await commitReport(publication(run(1)), to(REPORTS), quick);
    remote.server.beforePush = async () => {
      remote.server.beforePush = null;
      await remote.server.git('update-ref', '-d', `refs/heads/${REPORTS}`);
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

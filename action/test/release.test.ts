import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitServer, startGitServer } from './github/git-server.ts';

const SCRIPT = resolve(import.meta.dirname, '../../.github/release.sh');
let server: GitServer;
let checkout: string;

beforeEach(async () => {
  server = await startGitServer({ tokens: { bot: 'write', reader: 'read' } });
  checkout = await mkdtemp(join(tmpdir(), 'duel-release-'));
  await execa('git', ['clone', '--quiet', server.gitDir, checkout]);
  await mkdir(join(checkout, '.github'));
  await mkdir(join(checkout, 'action/dist'), { recursive: true });
  await cp(SCRIPT, join(checkout, '.github/release.sh'));
  await writeFile(join(checkout, '.gitignore'), 'dist/\n.github/\n');
  await writeFile(
    join(checkout, '.github/CHANGELOG.md'),
    '## 1.3.0 - 2026-11-30\n\nmore\n\n## 1.2.3\n\nnew\n',
  );
  await writeFile(join(checkout, 'action/dist/main.mjs'), 'the bundle');
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(checkout, { recursive: true });
});

function release(version: string, token = 'bot') {
  const env = {
    GITHUB_SERVER_URL: new URL(server.url).origin,
    GITHUB_REPOSITORY: 'octo/functions',
    GITHUB_TOKEN: token,
  };
  return execa(join(checkout, '.github/release.sh'), [version], { env, reject: false });
}
const commitOf = (tag: string) => server.git('rev-parse', `${tag}^{commit}`);

describe('a release', () => {
  it('is a commit with the bundle, on top of the branch, which stays as it is', async () => {
    const main = await commitOf('main');
    expect(await release('1.2.3')).toMatchObject({ exitCode: 0 });
    expect(await server.git('show', 'v1.2.3:action/dist/main.mjs')).toBe('the bundle');
    expect(await server.git('diff', '--name-only', 'main', 'v1.2.3')).toBe('action/dist/main.mjs');
    expect([await commitOf('v1.2.3^'), await commitOf('main')]).toEqual([main, main]);
  });

  it('moves the tag of its major version', async () => {
    await release('1.2.3');
    await execa('git', ['checkout', '--quiet', 'main'], { cwd: checkout });
    await mkdir(join(checkout, 'action/dist'), { recursive: true });
    await writeFile(join(checkout, 'action/dist/main.mjs'), 'a newer bundle');
    expect(await release('1.3.0')).toMatchObject({ exitCode: 0 });
    expect(await commitOf('v1')).toBe(await commitOf('v1.3.0'));
    expect(await server.git('show', 'v1.2.3:action/dist/main.mjs')).toBe('the bundle');
  });

  it('never replaces one that is out', async () => {
    await release('1.2.3');
    const first = await commitOf('v1.2.3');
    expect(await release('1.2.3')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('released already'),
    });
    expect(await commitOf('v1.2.3')).toBe(first);
  });

  it.each(['v1.2.3', '1.2', '', '1.2.3; id', '1.2.3\n'])('is refused for the version %j', async (version) => {
    expect(await release(version)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('1.4.0') });
    expect(await server.git('tag', '--list')).toBe('');
  });

  it('is refused when the changelog tells nothing of it', async () => {
    for (const version of ['1.2.4', '1.2.33', '1.20.3']) {
      const { exitCode, stderr } = await release(version);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`no heading "## ${version}"`);
    }
    expect(await server.git('tag', '--list')).toBe('');
  });

  it('is refused when the workflows of the branch have changed since', async () => {
    const other = await mkdtemp(join(tmpdir(), 'duel-release-'));
    const git = (...args: string[]) =>
      execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: other });
    await git('clone', '--quiet', server.gitDir, '.');
    await mkdir(join(other, '.github/workflows'), { recursive: true });
    await writeFile(join(other, '.github/workflows/ci.yml'), 'on: push');
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'newer');
    await git('push', '--quiet', 'origin', 'HEAD:main');
    await rm(other, { recursive: true });
    const { exitCode, stderr } = await release('1.2.3');
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('other workflows'),
    });
    expect(await server.git('tag', '--list')).toBe('');
  });

  it('leaves neither tag when its token may not write', async () => {
    const { exitCode, stderr } = await release('1.2.3', 'reader');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('403');
    expect(await server.git('tag', '--list')).toBe('');
  });
});

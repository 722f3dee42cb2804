import { spawn } from 'node:child_process';
import { createPublicKey, createVerify, type JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { getOctokit } from '@actions/github';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GitHub, startGitHub } from './github.ts';
import { FORK, PUBLISHER, pullRequest } from './state.ts';

const repo = { owner: 'octo', repo: 'functions' };
const SHA = 'a'.repeat(40);

let github: GitHub;
const as = (token: string) => getOctokit(token, { baseUrl: github.url, log: quiet }).rest;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

beforeAll(async () => {
  github = await startGitHub({
    seed: {
      tokens: {
        publisher: PUBLISHER,
        fork: FORK,
        expired: { ...PUBLISHER, expired: true },
        person: { ...PUBLISHER, login: 'mona' },
      },
      issues: [pullRequest(7, { ref: 'faster', sha: SHA })],
      protectedBranches: ['main'],
    },
  });
});
afterAll(() => github[Symbol.asyncDispose]());
beforeEach(() => {
  github.state.comments.length = 0;
  github.state.faults.length = 0;
});

const comment = (token: string, body = 'hello') =>
  as(token).issues.createComment({ ...repo, issue_number: 7, body });

describe('the fake GitHub', () => {
  it('refuses a token it does not know, one that expired, and one without the permission', async () => {
    await expect(comment('unknown')).rejects.toMatchObject({ status: 401, message: /Bad credentials/ });
    await expect(comment('expired')).rejects.toMatchObject({ status: 401 });
    await expect(comment('fork')).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
    });
    expect((await as('fork').issues.listComments({ ...repo, issue_number: 7 })).data).toEqual([]);
  });

  it('lets a token change only its own comments', async () => {
    const { data } = await comment('person');
    const update = as('publisher').issues.updateComment({ ...repo, comment_id: data.id, body: 'mine now' });
    await expect(update).rejects.toMatchObject({ status: 403 });
  });

  it('takes a body of 65,536 characters and no longer one', async () => {
    expect((await comment('publisher', 'x'.repeat(65_536))).status).toBe(201);
    await expect(comment('publisher', 'x'.repeat(65_537))).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('Body is too long'),
    });
  });

  it('gives lists in pages of 30, with links to the others', async () => {
    for (let n = 0; n < 65; n++) await comment('publisher', `comment ${n}`);
    const first = await as('publisher').issues.listComments({ ...repo, issue_number: 7 });
    expect(first.data).toHaveLength(30);
    expect(first.headers.link).toContain('page=3>; rel="last"');
    const kit = getOctokit('publisher', { baseUrl: github.url });
    const all = await kit.paginate(kit.rest.issues.listComments, { ...repo, issue_number: 7 });
    expect(all).toHaveLength(65);
  });

  it('takes no more than 50 annotations at once, and adds those of an update to those it has', async () => {
    const annotation = {
      path: 'a.yml',
      start_line: 1,
      end_line: 1,
      annotation_level: 'warning' as const,
      message: 'm',
    };
    const check = (annotations: (typeof annotation)[]) =>
      as('publisher').checks.create({
        ...repo,
        name: 'bench',
        head_sha: SHA,
        output: { title: 't', summary: 's', annotations },
      });
    await expect(check(Array(51).fill(annotation))).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('No more than 50 items'),
    });
    const { data } = await check(Array(50).fill(annotation));
    const output = { title: 't', summary: 's', annotations: Array(3).fill(annotation) };
    await as('publisher').checks.update({ ...repo, check_run_id: data.id, output });
    expect(github.state.checks.at(-1)?.annotations).toHaveLength(53);
  });

  it('wants a conclusion of a completed check, and a commit that exists', async () => {
    const check = (more: object) =>
      as('publisher').checks.create({ ...repo, name: 'bench', head_sha: SHA, ...more });
    await expect(check({ status: 'completed' })).rejects.toMatchObject({ status: 422 });
    await expect(check({ head_sha: 'b'.repeat(40) })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('No commit found for SHA'),
    });
  });

  it('has bad minutes when told to', async () => {
    github.state.faults.push({ status: 502, times: 1, headers: { 'retry-after': '1' } });
    await expect(comment('publisher')).rejects.toMatchObject({ status: 502 });
    expect((await comment('publisher')).status).toBe(201);
  });

  it('finds the pull request of a commit', async () => {
    const found = await as('fork').repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: SHA });
    expect(found.data.map((pull) => pull.number)).toEqual([7]);
  });

  it("keeps commits in a real git repository, signs a bot's, and refuses lost updates and protected branches", async () => {
    const { git } = as('publisher');
    const blob = await git.createBlob({ ...repo, content: 'one\n' });
    const tree = await git.createTree({
      ...repo,
      tree: [{ path: 'reports/a.md', mode: '100644', type: 'blob', sha: blob.data.sha }],
    });
    const commit = (parents: string[], message: string) =>
      git.createCommit({ ...repo, tree: tree.data.sha, parents, message });
    const first = await commit([], 'first');
    expect(first.data.verification?.verified).toBe(true);
    await git.createRef({ ...repo, ref: 'refs/heads/data', sha: first.data.sha });
    const [second, rival] = [
      await commit([first.data.sha], 'second'),
      await commit([first.data.sha], 'rival'),
    ];
    await git.updateRef({ ...repo, ref: 'heads/data', sha: second.data.sha });
    await expect(git.updateRef({ ...repo, ref: 'heads/data', sha: rival.data.sha })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('not a fast forward'),
    });
    await expect(
      git.createRef({ ...repo, ref: 'refs/heads/main', sha: first.data.sha }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('Changes must be made through a pull request'),
    });
    const file = await as('publisher').repos.getContent({ ...repo, path: 'reports/a.md', ref: 'data' });
    expect(file.data).toMatchObject({ content: Buffer.from('one\n').toString('base64') });
  });

  it('commits by GraphQL where nobody was faster and the token may write', async () => {
    const kit = (token: string) => getOctokit(token, { baseUrl: github.url });
    const { git } = kit('publisher').rest;
    const tree = [{ path: 'kept.md', mode: '100644' as const, type: 'blob' as const, content: 'kept' }];
    const root = await git.createTree({ ...repo, tree });
    const first = await git.createCommit({ ...repo, tree: root.data.sha, parents: [], message: 'first' });
    await git.createRef({ ...repo, ref: 'refs/heads/signed', sha: first.data.sha });
    const commit = (token: string, expectedHeadOid: string) =>
      kit(token).graphql(
        'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }',
        {
          input: {
            branch: { repositoryNameWithOwner: 'octo/functions', branchName: 'signed' },
            expectedHeadOid,
            message: { headline: 'second' },
            fileChanges: {
              additions: [{ path: 'new.bin', contents: Buffer.from([0, 255, 10]).toString('base64') }],
            },
          },
        },
      );
    await expect(commit('fork', first.data.sha)).rejects.toThrow('Resource not accessible by integration');
    await commit('publisher', first.data.sha);
    await expect(commit('publisher', first.data.sha)).rejects.toThrow('Pull and try again');
    const file = await kit('publisher').rest.repos.getContent({ ...repo, path: 'new.bin', ref: 'signed' });
    expect(file.data).toMatchObject({ content: Buffer.from([0, 255, 10]).toString('base64') });
    const kept = await kit('publisher').rest.repos.getContent({ ...repo, path: 'kept.md', ref: 'signed' });
    expect(kept.data).toMatchObject({ content: Buffer.from('kept').toString('base64') });
  });

  it('issues identity tokens that its published key verifies, for the audience asked', async () => {
    const response = await fetch(`${github.idTokenUrl}&audience=sts.amazonaws.com`, {
      headers: { authorization: `Bearer ${github.oidc.requestToken}` },
    });
    const { value } = (await response.json()) as { value: string };
    const [header = '', claims = '', signature = ''] = value.split('.');
    const { keys } = (await (await fetch(`${github.url}/oidc/jwks`)).json()) as { keys: JsonWebKey[] };
    const key = createPublicKey({ key: keys[0] ?? {}, format: 'jwk' });
    const verify = createVerify('RSA-SHA256').update(`${header}.${claims}`);
    expect(verify.verify(key, signature, 'base64url')).toBe(true);
    const { aud, sub, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect({ aud, sub, life: exp - iat }).toEqual({
      aud: 'sts.amazonaws.com',
      sub: 'repo:octo/functions:environment:benchmark',
      life: 300,
    });
    expect((await fetch(github.idTokenUrl)).status).toBe(401);
  });

  it('runs as a process of its own and ends when told to', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'serve.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url } = JSON.parse(line.toString()) as { url: string };
    const state = (await (await fetch(`${url}/_state`)).json()) as { owner: string };
    expect(state.owner).toBe('octo');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

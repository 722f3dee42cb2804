import { describe, expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { BOT, githubInEachTest, NOWHERE, SHA } from './github.fixture.ts';
import { announce, conclude, retire } from './github.ts';
import { showComment } from './sticky-comment.ts';

const github = githubInEachTest();
const { audience, runOf, ours, check } = github;

function strangers(count: number): void {
  const createdAt = new Date(0).toISOString();
  for (let n = 0; n < count; n++)
    github.state.comments.push({
      ...{ id: n + 1, issue: 7, login: 'mona', createdAt, updatedAt: createdAt },
      body: `comment ${n}`,
    });
}

describe('the comment', () => {
  it('is that of the run before it, updated, though 135 others stand around it', async () => {
    strangers(100);
    await announce(audience(), []);
    strangers(35);
    await announce(audience('job', { run: runOf({ id: 51 }) }), []);
    expect(ours()).toHaveLength(1);
  });

  it('is never what somebody else wrote under its marker', async () => {
    await announce(audience(), []);
    const forged = { ...ours()[0]!, id: 1, login: 'mallory' };
    github.state.comments.splice(0, 1, forged);
    await announce(audience(), []);
    expect(github.state.comments.map(({ login }) => login)).toEqual(['mallory', BOT]);
  });

  it('of a benchmark with another name is another', async () => {
    await announce(audience(), []);
    await announce(audience('job', { name: 'benchmark-arm64' }), []);
    expect(ours()).toHaveLength(2);
  });

  it('that a lost answer made twice is removed once', async () => {
    await announce(audience(), []);
    github.state.comments.push({ ...ours()[0]!, id: 4242 });
    await announce(audience(), []);
    expect(ours()).toHaveLength(1);
  });

  it('is found by the name only', async () => {
    const place = { client: audience().client, run: runOf(), pullNumber: 7, name: 'a' };
    const url = await showComment(place, 'hello');
    expect(url).toContain('#issuecomment-');
    expect(ours()[0]?.body.startsWith('<!-- lambda-duel: a -->\n')).toBe(true);
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
    expect(github.warnings).toEqual([]);
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

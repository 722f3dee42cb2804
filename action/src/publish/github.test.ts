import { describe, expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { headAgainstBase } from '../../test/fixtures/head-against-base.ts';
import { HOSTILE, hostile } from '../../test/fixtures/hostile.ts';
import { threeVariants } from '../../test/fixtures/three-variants.ts';
import type { Result } from '../result.ts';
import { githubInEachTest, NOWHERE, SHA } from './github.fixture.ts';
import { announce, conclude, retire } from './github.ts';

const github = githubInEachTest();
const { audience, runOf, ours, check } = github;

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
    expect(github.warnings).toEqual([]);
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

  it.each(['../../_temp/benchmark.yml', '/etc/passwd', '', 'not known'])(
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
    expect(github.warnings).toEqual([]);
  });

  it('publishes a hostile result, as words', async () => {
    const checkId = await announce(audience(), [...HOSTILE]);
    expect(ours()[0]?.body).not.toMatch(/<script|@octocat/);
    await conclude(audience(), checkId, hostile(), NOWHERE);
    expect(ours()[0]?.body).not.toMatch(/<script|@octocat/);
    expect(check()).toMatchObject({ conclusion: 'neutral' });
    expect(github.warnings).toEqual([]);
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

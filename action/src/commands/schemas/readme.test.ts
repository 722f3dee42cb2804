import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { withTables } from './readme.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const ACTION = readFileSync(join(ROOT, 'action/action.yml'), 'utf8');

interface Workflow {
  readonly jobs: Record<
    string,
    { permissions: object; steps: { uses: string; with?: Record<string, string> }[] }
  >;
}

const workflows = [...README.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text = '']) => parse(text) as Workflow,
);

describe('the README', () => {
  it('has the tables of action.yml as it is now (else: npm run schemas)', () => {
    expect(withTables(README, ACTION)).toBe(README);
    expect(README).toContain('| `fail-on` |');
    expect(README).toContain('| `verdict` |');
  });

  it('shows a workflow that gives the action inputs it has, with the permissions it needs', () => {
    const { inputs } = parse(ACTION) as { inputs: Record<string, object> };
    expect(workflows).toHaveLength(1);
    const [job] = Object.values(workflows[0]!.jobs);
    const ours = job!.steps.find(({ uses }) => uses.includes('/action@'));
    expect(Object.keys(ours?.with ?? {}).filter((name) => !(name in inputs))).toEqual([]);
    expect(job!.permissions).toMatchObject({ 'pull-requests': 'write', checks: 'write' });
  });

  it('keeps another cache when the config changes, or the action, whose version the workflow says, and begins it with the one before', () => {
    const [job] = Object.values(workflows[0]!.jobs);
    const cache = job!.steps.find(({ uses }) => uses.startsWith('actions/cache@'))?.with ?? {};
    const files = "'.github/benchmark.yml', '.github/workflows/benchmark.yml'";
    expect(cache.key).toBe(`${cache['restore-keys']}\${{ hashFiles(${files}) }}`);
  });

  it('quotes a committed report as it is, and shows a chart of it', () => {
    const [, folder = ''] = /href="(reports\/[^"]+)\/report\.md"/.exec(README) ?? [];
    const report = readFileSync(join(ROOT, folder, 'report.md'), 'utf8');
    const quotes = [...README.matchAll(/^> (.+)$/gm)].map(([, quote]) => quote!);
    expect(quotes).toHaveLength(1);
    expect(report).toContain(quotes[0]);
    const charts = [...README.matchAll(/(?:src|srcset)="([^"]+\.svg)"/g)].map(([, path]) => path!);
    expect(charts).toHaveLength(2);
    for (const chart of charts) expect(readFileSync(join(ROOT, chart), 'utf8')).toMatch(/^<svg /);
  });

  it('pins every action of others by its commit', () => {
    const others = workflows
      .flatMap(({ jobs }) => Object.values(jobs))
      .flatMap(({ steps }) => steps.map(({ uses }) => uses))
      .filter((uses) => !uses.includes('/lambda-duel/'));
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter((uses) => !/@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  });
});

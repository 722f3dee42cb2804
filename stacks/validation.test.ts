import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silent } from '../action/src/progress.ts';
import { ensureTools } from '../action/src/tools/tools.ts';
import { benchmarkPlan, setupPlan, snapStartPlan } from './plans.fixture.ts';
import { addStacks, templates } from './templates.ts';

const plans = { benchmark: benchmarkPlan, 'run with SnapStart': snapStartPlan, setup: setupPlan };

describe.each(Object.entries(plans))('the stacks of a %s', (_, plan) => {
  it('have no finding of cdk-nag that is not acknowledged with a reason', () => {
    const app = new App();
    addStacks(app, plan);
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });
});

describe('cfn-lint', () => {
  let folder: string;
  let python: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lambda-duel-templates-'));
    const cacheDir = resolve(import.meta.dirname, '../.cache');
    python = (await ensureTools(['cfn-lint'], { cacheDir, progress: silent }))['cfn-lint'];
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What it says, one finding a line. */
  const lint = async (all: Readonly<Record<string, string>>) => {
    const files = Object.entries(all).map(([name, template]) => {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, template);
      return file;
    });
    const program = 'from cfnlint.runner import main; main()';
    const options = ['--regions', 'us-east-1', '--format', 'parseable', '--', ...files];
    return (await execa(python, ['-c', program, ...options], { reject: false, all: true })).all;
  };

  it('finds nothing in any template', async () => {
    const all = Object.assign({}, ...Object.values(plans).map(templates)) as Record<string, string>;
    expect(Object.keys(all)).toEqual([
      ...['lambda-duel-1', 'lambda-duel-1-packages', 'lambda-duel-2', 'lambda-duel-2-packages'],
      'duel-setup',
    ]);
    expect(await lint(all)).toBe('');
  });

  it('would find something', async () => {
    const broken = { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketNam: 'x' } } } };
    expect(await lint({ broken: JSON.stringify(broken) })).toContain('BucketNam');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOUNDARY_OF_FUNCTIONS, DEPLOY, RUN, TEARDOWN } from '../action/src/cloud/aws/permissions.ts';
import { silent } from '../action/src/progress.ts';
import { ensureTools } from '../action/src/tools/tools.ts';
import { benchmarkPlan, setupPlan, snapStartPlan } from './plans.fixture.ts';
import { addStacks, templates } from './templates.ts';

/** What cfn-lint has of the service authorization reference: by service the actions, with the kinds of resource each takes. */
type Services = Record<string, { readonly Actions: Record<string, { readonly Resources?: string[] }> }>;
const SERVICES = `import json
from cfnlint.data import AdditionalSpecs
from cfnlint.helpers import load_resource
print(json.dumps(load_resource(AdditionalSpecs, "Policies.json")))`;

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

  it('knows of no action that is granted on a resource and takes none, for that grants nothing', async () => {
    const services = JSON.parse((await execa(python, ['-c', SERVICES])).stdout) as Services;
    const narrowed = [...TEARDOWN, ...RUN, ...DEPLOY, ...BOUNDARY_OF_FUNCTIONS]
      .filter(({ resource }) => resource !== '*')
      .flatMap(({ actions }) => actions);
    const takesNone = (action: string) => {
      const [service = '', name = ''] = action.split(':');
      return services[service]?.Actions[name.toLowerCase()]?.Resources === undefined;
    };
    expect(narrowed.filter(takesNone)).toEqual([]);
  });
});

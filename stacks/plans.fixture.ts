import type { BenchmarkPlan, SetupPlan } from '../action/src/cloud/aws/plan.ts';

const settings = { handler: 'bootstrap', timeoutSeconds: 10 };

/** Two variants that differ in all that a variant can. */
export const benchmarkPlan: BenchmarkPlan = {
  kind: 'benchmark',
  stacks: { benchmark: 'lambda-duel-1', packages: 'lambda-duel-1-packages' },
  permissionsBoundary: 'arn:aws:iam::123456789012:policy/duel-setup-boundary',
  functions: [
    {
      ...settings,
      id: 'python',
      runtime: 'python3.13',
      architecture: 'x86_64',
      memoryMb: 1769,
      environment: { LEVEL: 'warn' },
      packageKey: 'aaaa.zip',
      logGroup: '/lambda-duel/lambda-duel-1/python',
      permissions: [{ actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:us-east-1:123456789012:jobs'] }],
    },
    {
      ...settings,
      id: 'rust-arm',
      runtime: 'provided.al2023',
      architecture: 'arm64',
      memoryMb: 512,
      environment: {},
      packageKey: 'bbbb.zip',
      logGroup: '/lambda-duel/lambda-duel-1/rust-arm',
    },
  ],
};

/** A variant whose environments are restored from snapshots. */
export const snapStartPlan: BenchmarkPlan = {
  ...benchmarkPlan,
  stacks: { benchmark: 'lambda-duel-2', packages: 'lambda-duel-2-packages' },
  functions: [
    {
      ...benchmarkPlan.functions[0]!,
      logGroup: '/lambda-duel/lambda-duel-2/python',
      snapStart: true,
    },
  ],
};

export const setupPlan: SetupPlan = {
  kind: 'setup',
  subjects: {
    run: ['repo:octo/duel:environment:benchmark', 'repo:octo@1/duel@2:environment:benchmark'],
    teardown: ['repo:octo/duel:environment:benchmark-teardown'],
  },
  provider: null,
};

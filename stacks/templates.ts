import { rmSync } from 'node:fs';
import { App } from 'aws-cdk-lib/core';
import type { StackPlan, Templates } from '../action/src/cloud/aws/plan.ts';
import { BenchmarkStack } from './benchmark-stack.ts';
import { PackagesStack } from './packages-stack.ts';
import { SetupStack } from './setup-stack.ts';

/** Synthesizes the plan's stacks; nothing stays on disk. */
export function templates(plan: StackPlan): Templates {
  const app = new App({ analyticsReporting: false, treeMetadata: false });
  addStacks(app, plan);
  const assembly = app.synth();
  try {
    return Object.fromEntries(
      assembly.stacks.map(({ stackName, template }) => [stackName, JSON.stringify(template)]),
    );
  } finally {
    rmSync(assembly.directory, { recursive: true });
  }
}

/** Adds the plan's stacks to an app. */
export function addStacks(app: App, plan: StackPlan): void {
  if (plan.kind === 'setup') {
    new SetupStack(app, plan);
  } else {
    new PackagesStack(app, plan.stacks.packages);
    new BenchmarkStack(app, plan);
  }
}

import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientsOf, emulator, synth } from '../../../test/aws/emulated-account.ts';
import type { Ministack } from '../../../test/aws/ministack.ts';
import { DeployError } from '../../errors.ts';
import { silent } from '../../progress.ts';
import type { AwsClients } from './clients.ts';
import { SETUP, setupOf } from './names.ts';
import type { SetupPlan } from './plan.ts';
import { applySetup, describePlan, subjectsOf } from './setup.ts';
import { synthesize } from './synth.ts';

const trusted = { repository: 'octo/duel', environment: 'benchmark', ids: { owner: '1', repository: '2' } };
const plan: SetupPlan = {
  kind: 'setup',
  subjects: {
    run: subjectsOf(trusted),
    teardown: subjectsOf({ ...trusted, environment: 'benchmark-teardown' }),
  },
  provider: 'arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com',
};

describe('the plan of a set-up', () => {
  it('trusts both forms of an identity when it knows the ids, else the classic one', () => {
    expect(subjectsOf(trusted)).toEqual([
      'repo:octo/duel:environment:benchmark',
      'repo:octo@1/duel@2:environment:benchmark',
    ]);
    expect(subjectsOf({ ...trusted, ids: null })).toEqual(['repo:octo/duel:environment:benchmark']);
  });

  it('tells every permission with its reason before anything is made', () => {
    const text = describePlan(plan, { account: '000000000000', region: 'eu-west-1' });
    expect(text).toContain('Stack duel-setup in account 000000000000, eu-west-1:');
    expect(text).toMatch(/role duel-setup-run, .*\n.*:environment:benchmark\n/);
    expect(text).toMatch(/role duel-setup-teardown, .*\n.*:environment:benchmark-teardown\n/);
    expect(text).toMatch(/s3:PutObject\n {6}on \S+: upload deployment packages/);
  });

  it('says that a new repository is not trusted without its ids', () => {
    const place = { account: '000000000000', region: 'eu-west-1' };
    const run = subjectsOf({ ...trusted, ids: null });
    expect(describePlan({ ...plan, subjects: { ...plan.subjects, run } }, place)).toContain('--owner-id');
    expect(describePlan(plan, place)).not.toContain('--owner-id');
  });
});

it.each([
  ['AWS::IAM::Role RunRole: Role with name duel-setup-run already exists', 'Set the variable BENCH_REGION'],
  ['AWS::IAM::OIDCProvider GitHub: it already exists', 'Run again with --existing-provider'],
])('a set-up that fails by %s says what to do', async (reason, remedy) => {
  const send = async (command: object) => {
    if (command instanceof DescribeStacksCommand) return { Stacks: [] };
    throw new DeployError(`Stack duel-setup failed: ${reason}`, 'Mend what AWS names.');
  };
  const clients = { cloudformation: { send } } as unknown as AwsClients;
  const refused = applySetup(clients, '{}', { progress: silent });
  await expect(refused).rejects.toMatchObject({ remedy: expect.stringContaining(remedy) });
});

describe('the set-up of an emulated account', () => {
  let ministack: Ministack;
  beforeAll(async () => {
    ministack = await emulator();
  });
  afterAll(() => ministack[Symbol.asyncDispose]());

  it('is made once, and brought up to date after that', async () => {
    const clients = clientsOf(ministack.endpoint);
    const apply = async (wanted: SetupPlan) => {
      const { [SETUP.stack]: template = '' } = await synthesize(wanted, { command: synth });
      return applySetup(clients, template, { progress: silent, pollMs: 20 });
    };
    const made = await apply(plan);
    expect(setupOf(made.RunRole!)?.deployRole).toBe(made.DeployRole);
    expect(await apply(plan)).toEqual(made);
    const classic = subjectsOf({ ...trusted, ids: null });
    expect(await apply({ ...plan, subjects: { run: classic, teardown: classic } })).toEqual(made);
  });

  it('that CloudFormation refuses says why', async () => {
    // ministack has no AWS::IAM::OIDCProvider.
    const { [SETUP.stack]: template = '' } = await synthesize(
      { ...plan, provider: null },
      { command: synth },
    );
    const refused = applySetup(clientsOf(ministack.endpoint), template, { progress: silent, pollMs: 20 });
    await expect(refused).rejects.toThrow(DeployError);
    await expect(refused).rejects.toThrow(/^CloudFormation refused stack duel-setup: .*OIDCProvider/);
  });
});

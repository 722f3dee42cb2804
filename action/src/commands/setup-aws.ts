/** The entry of `npm run setup:aws`: makes, once for an account, the roles that workflows run as. */
import { createInterface } from 'node:readline/promises';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Outputs } from '../cloud/aws/create-stack.ts';
import { SETUP } from '../cloud/aws/names.ts';
import type { SetupPlan } from '../cloud/aws/plan.ts';
import { repositoryOf } from '../cloud/aws/repository.ts';
import { clientsOf, terminalSession } from '../cloud/aws/session.ts';
import { applySetup, describePlan, subjectsOf } from '../cloud/aws/setup.ts';
import { synthesize, synthFromSource } from '../cloud/aws/synth.ts';
import { run } from '../command.ts';
import { ConfigError } from '../errors.ts';
import { parseOptions } from '../options.ts';
import { stderrProgress } from '../progress.ts';

const USAGE = `Usage: npm run setup:aws -- [options]

  --region NAME              where runs will be (default: AWS_REGION)
  --repository O/R           whose workflows may use the account (default: the origin remote)
  --environment NAME         GitHub environment they must run in (default: benchmark)
  --teardown-environment NAME
                             that of jobs that delete what is left (default: benchmark-teardown): give it no
                             reviewers, or the janitor waits for them
  --owner-id N --repository-id N
                             ids in the identity of repositories made since 2026-07-15:
                             gh api repos/O/R --jq '.owner.id, .id'
  --existing-provider ARN    GitHub's OIDC provider, where the account has it already
  --yes                      do not ask
  --help                     show this

Uses your own AWS credentials. Shows what it will make, and asks.`;

const OPTIONS = {
  region: { type: 'string' },
  repository: { type: 'string' },
  environment: { type: 'string', default: 'benchmark' },
  'teardown-environment': { type: 'string', default: 'benchmark-teardown' },
  'owner-id': { type: 'string' },
  'repository-id': { type: 'string' },
  'existing-provider': { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const;

/** Resolves to the exit code. */
export function main(argv: readonly string[], { root }: { root: string }): Promise<number> {
  return run(async (signal) => {
    const options = parse(argv);
    const plan = planFrom(options, options.repository ?? (await repositoryOf(root, process.env)));
    const region = options.region ?? process.env.AWS_REGION ?? '';
    const clients = clientsOf(await terminalSession(region));
    const { Account: account = '' } = await clients.sts.send(new GetCallerIdentityCommand({}));
    process.stdout.write(`${describePlan(plan, { account, region })}\n\n`);
    if (!options.yes && !(await agreed(signal))) return 0;
    const templates = await synthesize(plan, { command: synthFromSource(root), signal });
    const watch = { progress: stderrProgress(), signal };
    const outputs = await applySetup(clients, templates[SETUP.stack] ?? '', watch);
    process.stdout.write(next(outputs, { region, options }));
    return 0;
  });
}

type Options = ReturnType<typeof parse>;

const parse = (argv: readonly string[]) => parseOptions(argv, { options: OPTIONS }, USAGE).values;

function planFrom(options: Options, repository: string): SetupPlan {
  const { 'owner-id': owner, 'repository-id': id, 'existing-provider': provider } = options;
  const faults = [
    ...(/^[\w.-]+\/[\w.-]+$/.test(repository) ? [] : [`--repository "${repository}" is not owner/name.`]),
    ...([owner, id].every((each) => each === undefined) ||
    [owner, id].every((each) => /^\d+$/.test(each ?? ''))
      ? []
      : ['--owner-id and --repository-id are two numbers, given together.']),
    ...(provider === undefined || /^arn:[\w-]+:iam::\d{12}:oidc-provider\/\S+$/.test(provider)
      ? []
      : [`--existing-provider "${provider}" is not the ARN of an OIDC provider.`]),
  ];
  if (faults.length > 0) throw new ConfigError(faults.join('\n'), USAGE);
  const ids = owner === undefined || id === undefined ? null : { owner, repository: id };
  return {
    kind: 'setup',
    subjects: {
      run: subjectsOf({ repository, environment: options.environment, ids }),
      teardown: subjectsOf({ repository, environment: options['teardown-environment'], ids }),
    },
    provider: provider ?? null,
  };
}

async function agreed(signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question('Make this? Type yes: ', { signal });
    return answer.trim() === 'yes';
  } finally {
    terminal.close();
  }
}

function next(
  { RunRole, TeardownRole }: Outputs,
  { region, options }: { readonly region: string; readonly options: Options },
): string {
  return `
Done. Set these variables in the repository (Settings, Secrets and variables, Actions, Variables), or by gh:

  gh variable set BENCH_ROLE_ARN --body ${RunRole}
  gh variable set BENCH_TEARDOWN_ROLE_ARN --body ${TeardownRole}
  gh variable set BENCH_REGION --body ${region}

and make two environments: ${options.environment}, with the reviewers who may spend money, and
${options['teardown-environment']}, with none, for what deletes the runs of a job that died must wait for nobody.
`;
}

/** The entry of `npm run janitor`: deletes what runs of this repository have left on AWS. */
import { type Decision, inspect, sweep } from '../cloud/aws/janitor.ts';
import { setupOf } from '../cloud/aws/names.ts';
import { repositoryOf } from '../cloud/aws/repository.ts';
import { clientsOf, jobSession, type Session, terminalSession } from '../cloud/aws/session.ts';
import { sessionName } from '../cloud/aws/session-name.ts';
import { run } from '../command.ts';
import { ConfigError } from '../errors.ts';
import { parseOptions } from '../options.ts';
import { stderrProgress } from '../progress.ts';

const USAGE = `Usage: npm run janitor -- [options]

  --dry-run          only say what would be deleted, and what not and why
  --run ID           delete what this run left, expired or not (a workflow run's id: all its attempts)
  --region NAME      default: AWS_REGION
  --repository O/R   whose runs (default: GITHUB_REPOSITORY, or the origin remote)
  --help             show this

Credentials: the role ROLE_TO_ASSUME by the job's identity token; where it is not set, what the AWS SDK finds.`;

const OPTIONS = {
  'dry-run': { type: 'boolean', default: false },
  run: { type: 'string' },
  region: { type: 'string' },
  repository: { type: 'string' },
} as const;

/** Resolves to the exit code. */
export function main(argv: readonly string[], { root }: { root: string }): Promise<number> {
  return run(async () => {
    const options = parse(argv);
    const { env } = process;
    const repository = options.repository ?? (await repositoryOf(root, env));
    const session = await sessionOf(options.region ?? env.AWS_REGION ?? '', repository, env);
    const clients = clientsOf(session);
    const decisions = await inspect(clients.cloudformation, {
      ...{ repository, run: options.run ?? null, now: new Date() },
    });
    process.stdout.write(listing(decisions, repository, session));
    // The teardown role may delete nothing itself: what a person's own rights made goes as the role that deploys.
    const deployRole = setupOf(session.role ?? '')?.deployRole ?? null;
    if (!options['dry-run']) await sweep(clients, decisions, { progress: stderrProgress(), deployRole });
    return 0;
  });
}

const parse = (argv: readonly string[]) => parseOptions(argv, { options: OPTIONS }, USAGE).values;

async function sessionOf(region: string, repository: string, env: NodeJS.ProcessEnv): Promise<Session> {
  const role = env.ROLE_TO_ASSUME;
  if (role === undefined) return terminalSession(region);
  if (role === '') throw roleMissing();
  const [runId, attempt] = [env.GITHUB_RUN_ID ?? 'janitor', Number(env.GITHUB_RUN_ATTEMPT ?? 1)];
  return jobSession(region, { role, sessionName: sessionName({ repository, runId, attempt }) });
}

/** What a workflow gives when the variable is not set. */
function roleMissing(): ConfigError {
  return new ConfigError(
    'ROLE_TO_ASSUME is empty.',
    'Set the variable BENCH_TEARDOWN_ROLE_ARN of the repository: `npm run setup:aws` tells its value.',
  );
}

function listing(decisions: readonly Decision[], repository: string, { region }: Session): string {
  const removed = decisions.filter(({ remove }) => remove).length;
  const lines = decisions.map(
    ({ stack, remove, why }) => `  ${remove ? 'delete' : 'keep  '}  ${stack}  ${why}\n`,
  );
  return `${decisions.length} stacks of runs in ${region}, ${removed} of them to delete for ${repository}.\n${lines.join('')}`;
}

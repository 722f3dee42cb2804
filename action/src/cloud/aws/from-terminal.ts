import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { versionsNeeded } from '../../config/snap-start.ts';
import type { Config } from '../../model.ts';
import type { Progress } from '../../progress.ts';
import { type AwsAccount, awsAccount } from './aws.ts';
import { expiryFrom } from './names.ts';
import { repositoryOf } from './repository.ts';
import { terminalSession } from './session.ts';
import { synthFromSource } from './synth.ts';

/** Where the stacks lie: beside this program, whatever repository is measured. */
const PROGRAM = fileURLToPath(new URL('../../../..', import.meta.url));

/** The AWS of whoever sits at the terminal. */
export async function awsFromTerminal(
  { root, region, profile }: Pick<Config, 'root' | 'region' | 'profile'>,
  context: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<AwsAccount> {
  return awsAccount({
    ...context,
    session: await terminalSession(region),
    runId: randomBytes(4).toString('hex'),
    repository: await repositoryOf(root, process.env),
    expires: expiryFrom(new Date()),
    synth: synthFromSource(PROGRAM),
    alternates: profile.freshEnvironments,
    versions: versionsNeeded(profile),
  });
}

import { DeployError } from '../../errors.ts';
import { SETUP } from './names.ts';

/** Claims of a GitHub token that decide what a trust policy sees (GitHub docs, "OpenID Connect reference"). */
export interface TokenClaims {
  readonly sub: string;
  readonly aud: string;
  readonly repository: string;
  readonly repository_id: string;
  readonly repository_owner: string;
  readonly repository_owner_id: string;
}

/** Reads a token's own claims without verifying it: they are shown to a person, never trusted. Null if it is no JWT. */
export function claimsOf(token: string): TokenClaims | null {
  try {
    const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    const claims: unknown = JSON.parse(text);
    if (typeof claims !== 'object' || claims === null) return null;
    const read = (name: keyof TokenClaims) => String((claims as Record<string, unknown>)[name] ?? '');
    const { sub, aud } = { sub: read('sub'), aud: read('aud') };
    const [repository, repository_id] = [read('repository'), read('repository_id')];
    const [repository_owner, repository_owner_id] = [read('repository_owner'), read('repository_owner_id')];
    return { sub, aud, repository, repository_id, repository_owner, repository_owner_id };
  } catch {
    return null;
  }
}

/**
 * `sub` as this token has it, and in the other of its two forms: repositories made since 2026-07-15 carry ids,
 * `repo:OWNER@ID/NAME@ID:...`, older ones do not. A repository that is renamed or migrated may change its form.
 */
export function subjectForms(claims: TokenClaims): string[] {
  const { sub, repository, repository_id, repository_owner, repository_owner_id } = claims;
  const name = repository.slice(repository_owner.length + 1);
  const classic = `repo:${repository}:`;
  const carrying = `repo:${repository_owner}@${repository_owner_id}/${name}@${repository_id}:`;
  if (sub.startsWith(classic)) return [sub, carrying + sub.slice(classic.length)];
  if (sub.startsWith(carrying)) return [sub, classic + sub.slice(carrying.length)];
  return [sub]; // The organisation has customised its subjects.
}

/** GitHub's issuer, as condition keys name it. */
const ISSUER = 'token.actions.githubusercontent.com';

/** Words STS's refusal of a token: what was shown to it, and what to change where. */
export function oidcRefused(cause: Error, roleArn: string, token: string): DeployError {
  const fact = `AWS STS refused role ${roleArn} to this workflow (${cause.name}): ${cause.message.trim()}`;
  return new DeployError(fact, remedyFor(cause, roleArn, claimsOf(token)), { cause });
}

function remedyFor(cause: Error, roleArn: string, claims: TokenClaims | null): string {
  if (/DurationSeconds/i.test(cause.message))
    return `Raise the role's maximum session duration: aws iam update-role --role-name ${roleArn.split('/').at(-1)} --max-session-duration 14400`;
  if (/No OpenIDConnect provider/i.test(cause.message))
    return `Create the identity provider for https://${ISSUER} in the role's account: npm run setup:aws.`;
  if (cause.name === 'RegionDisabledException')
    return 'Activate STS for the region in the account settings of IAM, or choose another region.';
  if (claims === null) return 'GitHub returned no readable token; run the job again.';
  const made = MADE_BY_SETUP[roleArn.split(':role/')[1] ?? ''];
  const isCustomised = subjectForms(claims).length === 1;
  return made === undefined || isCustomised ? trustRemedy(claims) : setupRemedy(claims, made);
}

/** The option of `npm run setup:aws` that names the environment whose jobs a role trusts, and the environment by default. */
const MADE_BY_SETUP: Readonly<Record<string, readonly [option: string, environment: string]>> = {
  [SETUP.runRole]: ['--environment', 'benchmark'],
  [SETUP.teardownRole]: ['--teardown-environment', 'benchmark-teardown'],
};

/** Such a role trusts jobs of one environment, whose rules decide who may spend money: it is not to trust any job instead. */
function setupRemedy(claims: TokenClaims, [option, environment]: readonly [string, string]): string {
  const place = /:environment:(.+)$/.exec(claims.sub)?.[1];
  const seen = `The token's subject is "${claims.sub}".`;
  if (place === undefined)
    return `${seen} Give the job \`environment: ${environment}\`, or the one that npm run setup:aws was given as ${option}: the role trusts no other job.`;
  const { repository, repository_owner_id: owner, repository_id: id } = claims;
  return `${seen} Have the role trust it: with your own credentials run npm run setup:aws again, with its options of the first time and these: --repository ${repository} --owner-id ${owner} --repository-id ${id} ${option} ${place}`;
}

function trustRemedy(claims: TokenClaims): string {
  const condition = {
    StringEquals: { [`${ISSUER}:aud`]: claims.aud, [`${ISSUER}:sub`]: subjectForms(claims) },
  };
  return [
    `The token's subject is "${claims.sub}". Make the role's trust policy allow exactly it (the second form is how the`,
    'same place is named with or without ids):',
    `"Condition": ${JSON.stringify(condition)}`,
  ].join('\n');
}

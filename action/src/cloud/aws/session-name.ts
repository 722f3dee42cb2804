/** The run that a session belongs to, as CloudTrail will show it. */
export interface RunIdentity {
  /** `owner/name`. */
  readonly repository: string;
  readonly runId: string;
  readonly attempt: number;
}

/** STS: 2 to 64 characters of `[\w+=,.@-]` (API reference, AssumeRoleWithWebIdentity, RoleSessionName). */
const LONGEST = 64;

/**
 * The run in a session's name: all that CloudTrail gets to know of it. Session tags of a web identity can only come
 * from claims of its token (`https://aws.amazon.com/tags`), and GitHub's has none, so that the name has to do.
 */
export function sessionName({ repository, runId, attempt }: RunIdentity): string {
  const run = `-${runId}-${attempt}`.replaceAll(/[^\w+=,.@-]/g, '-');
  const place = `duel-${repository}`.replaceAll(/[^\w+=,.@-]/g, '-');
  return place.slice(0, Math.max(0, LONGEST - run.length)) + run.slice(-LONGEST);
}

/** What GitHub refused, as a fact and a remedy. The run goes on: its verdict stands, whoever can be told of it. */
import { PublishError } from '../errors.ts';

/** What octokit throws: with `status` for an HTTP answer, with `errors` for an answer of GraphQL's. */
interface Refusal {
  readonly message: string;
  readonly status?: number;
}

export interface Complaint {
  readonly fact: string;
  readonly remedy: string;
}

/**
 * @param what the undertaking, e.g. `Commenting on the pull request`
 * @param permission that it needs, by GitHub's name
 * @throws what GitHub did not cause
 */
export function complaint(what: string, permission: string, error: unknown): Complaint {
  if (!isRefusal(error)) throw error;
  const { fact, remedy } = explain(error, permission);
  return { fact: `${what} failed: ${fact}.`, remedy };
}

/** For `catch`, where nothing can go on without the answer. @returns a handler that throws PublishError */
export function refuse(what: string, permission: string): (error: unknown) => never {
  return (cause) => {
    const { fact, remedy } = complaint(what, permission, cause);
    throw new PublishError(fact, remedy, { cause });
  };
}

function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && ('status' in error || 'errors' in error);
}

function explain({ status = 0, message }: Refusal, permission: string): Complaint {
  if (status === 401)
    return {
      fact: 'GitHub did not accept the token (401)',
      remedy: 'Give github-token one that is valid until the end of the run.',
    };
  if (/\blocked\b/.test(message))
    return { fact: 'the conversation is locked', remedy: 'The job summary shows the same.' };
  if (/rate limit/i.test(message))
    return {
      fact: `the token has used its rate limit up (${firstLine(message)})`,
      remedy:
        'Wait until GitHub resets it, at most an hour, and run the job again; the job summary shows the same.',
    };
  if (/not permitted to create or approve pull requests/.test(message))
    return {
      fact: 'the repository lets no workflow open pull requests (403)',
      remedy:
        'Allow it under Settings, Actions, General, "Allow GitHub Actions to create and approve pull requests", or choose report-mode: branch.',
    };
  if (status === 403 && /\b(retry|retried|rerun)\b/.test(message))
    return {
      fact: `GitHub does not start it again (403, ${firstLine(message)})`,
      remedy: 'It does so for 30 days, and 50 times. Push to the pull request: that starts a new run.',
    };
  if (status === 403)
    return {
      fact: `the token may not (403, ${firstLine(message)})`,
      remedy: `Give the job \`permissions: ${permission}: write\`; the token of a fork's run is read-only whatever is given, and for it a workflow on workflow_run publishes.`,
    };
  if (status === 404)
    return {
      fact: 'GitHub does not find it (404)',
      remedy: `It was deleted, or the job lacks \`permissions: ${permission}: write\`.`,
    };
  if (status >= 500 || status === 429)
    return {
      fact: `GitHub was unwell for longer than we tried (${status})`,
      remedy: 'The job summary and the outputs have the result; run the job again to publish it.',
    };
  return { fact: `GitHub said: ${firstLine(message)}`, remedy: 'The job summary shows the same.' };
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ - https:\/\/docs\.github\.com\S*$/, '');
}

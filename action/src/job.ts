/** What GitHub tells a job of ours that is no action: read once, at the edge. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from './errors.ts';
import type { Job } from './publish/untrusted/publish-artifact.ts';

const JobSchema = z.object({
  GITHUB_TOKEN: z.string().min(1),
  GITHUB_EVENT_PATH: z.string().min(1),
  GITHUB_REPOSITORY: z.string().regex(/^[^/]+\/[^/]+$/),
  GITHUB_API_URL: z.url(),
  GITHUB_SERVER_URL: z.url(),
});

/** @throws ConfigError that lists all that is missing */
export function readJob(environment: Readonly<Record<string, string | undefined>>): Job {
  const parsed = JobSchema.safeParse(environment);
  if (!parsed.success)
    throw new ConfigError(
      `This is not the environment of a GitHub job:\n${z.prettifyError(parsed.error)}`,
      "Run this in a workflow, with GITHUB_TOKEN in the step's env.",
    );
  const { GITHUB_TOKEN, GITHUB_EVENT_PATH, GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_SERVER_URL } =
    parsed.data;
  const [owner = '', repo = ''] = GITHUB_REPOSITORY.split('/');
  return {
    token: GITHUB_TOKEN,
    owner,
    repo,
    apiUrl: GITHUB_API_URL,
    serverUrl: GITHUB_SERVER_URL,
    event: eventIn(GITHUB_EVENT_PATH),
  };
}

function eventIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ConfigError(
      `GITHUB_EVENT_PATH names no JSON that can be read: ${(cause as Error).message}.`,
      'Run this in a workflow, where GitHub sets it.',
      { cause },
    );
  }
}

/** A git server of GitHub's manners, and reports to commit to it. */
import { afterEach, beforeEach, expect } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { provenance } from '../../test/fixtures/result-builder.ts';
import { type GitServer, startGitServer } from '../../test/github/git-server.ts';
import { PublishError } from '../errors.ts';
import { silent } from '../progress.ts';
import { parseResult, serialize } from '../report/json.ts';
import type { Result } from '../result.ts';
import type { Destination, Publication } from './commit.ts';

/** The data branch. */
export const REPORTS = 'benchmark-reports';

export const quick = { progress: silent, firstDelayMs: 20 };

/** The server of the test that runs: each of the file that calls this gets a new one. */
export function gitServerInEachTest() {
  let server: GitServer;
  beforeEach(async () => {
    server = await startGitServer({
      tokens: { writer: 'write', reader: 'read' },
      protectedBranches: ['guarded'],
      ruledBranches: ['ruled'],
    });
  });
  afterEach(() => server[Symbol.asyncDispose]());
  return {
    get server() {
      return server;
    },
    to(branch: string, more: Partial<Destination> & { token?: string } = {}): Destination {
      const { token = 'writer', ...rest } = more;
      return { remote: { url: server.url, token }, branch, startFrom: null, signed: null, ...rest };
    },
    paths: async (branch: string) => (await server.git('ls-tree', '-r', '--name-only', branch)).split('\n'),
    show: (branch: string, path: string) => server.git('show', `${branch}:${path}`),
    count: async (branch: string) => Number(await server.git('rev-list', '--count', branch)),
  };
}

/** Results differ by their seed, as two real runs do. */
export function run(seed: number, createdAt = '2026-11-20T12:34:56.789Z'): Result {
  const result = clearVerdict();
  const stored = { ...result, provenance: provenance({ createdAt }), design: { ...result.design, seed } };
  return parseResult(serialize(stored));
}

export function publication(result: Result, pullRequest: number | null = null): Publication {
  return { result, files: [{ path: 'report.md', content: `# seed ${result.design.seed}\n` }], pullRequest };
}

export async function failure(attempt: Promise<unknown>): Promise<PublishError> {
  const error = await attempt.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PublishError);
  return error as PublishError;
}

/** Commits through GitHub's GraphQL API: GitHub signs what an app's token commits so ("Verified"). */
import type { Tree } from './git-store.ts';
import { PassingRejection } from './rejection.ts';

/** What `octokit.graphql` is. */
export type GraphQl = (query: string, variables: Record<string, unknown>) => Promise<unknown>;

export interface CommitRequest {
  readonly branch: string;
  /** The commit that the branch must still be at. */
  readonly expected: string;
  readonly tree: Tree;
  readonly message: string;
}

/** @returns the new commit, or null where the token or the server does not offer this; @throws PassingRejection */
export type SignedCommit = (request: CommitRequest) => Promise<string | null>;

const MUTATION = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

/** @param repository `OWNER/NAME` */
export function signedCommit(graphql: GraphQl, repository: string): SignedCommit {
  return async ({ branch, expected, tree, message }) => {
    const input = {
      branch: { repositoryNameWithOwner: repository, branchName: branch },
      expectedHeadOid: expected,
      message: { headline: message },
      fileChanges: {
        additions: [...tree].map(([path, content]) => ({
          path,
          contents: Buffer.from(content).toString('base64'),
        })),
      },
    };
    try {
      return oid(await graphql(MUTATION, { input }));
    } catch (error) {
      return refused(error as Error & { status?: number });
    }
  };
}

function oid(answer: unknown): string | null {
  const data = answer as { createCommitOnBranch?: { commit?: { oid?: string } } | null };
  return data.createCommitOnBranch?.commit?.oid ?? null;
}

/** A race is tried again; for anything permanent, git's own push has the last word and the clearer reason. */
function refused(error: Error & { status?: number }): null {
  const raced = /Expected branch to point to|Pull and try again|STALE_DATA/.test(error.message);
  const unwell = error.status !== undefined && (error.status >= 500 || error.status === 429);
  if (raced || unwell) throw new PassingRejection(error.message);
  return null;
}

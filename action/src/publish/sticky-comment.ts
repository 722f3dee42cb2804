/** One comment per benchmark on a pull request: made by the first run, updated by all later ones. */
import type { Octokit } from './octokit.ts';
import type { Run } from './run-context.ts';

export interface StickyComment {
  readonly client: Octokit;
  readonly run: Pick<Run, 'owner' | 'repo' | 'id' | 'attempt'>;
  readonly pullNumber: number;
  /** Tells benchmarks of one repository apart; letters, digits, spaces, dots, underscores and single hyphens. */
  readonly name: string;
}

/**
 * Found by marker and author on all pages, each time anew: a comment may be deleted, or made, at any moment.
 *
 * @returns its address, or null when a newer run speaks there already
 */
export async function showComment(comment: StickyComment, markdown: string): Promise<string | null> {
  const { client, run, pullNumber } = comment;
  const place = { owner: run.owner, repo: run.repo };
  const body = `${marker(comment)}\n${stamp(run)}\n\n${markdown}`;
  const [present, ...duplicates] = await ownComments(comment);
  // GitHub may have kept a comment though its answer was lost, so that a repeated request made two.
  for (const { id } of duplicates)
    await unlessGone(client.rest.issues.deleteComment({ ...place, comment_id: id }));
  if (present !== undefined) {
    if (isNewer(present.body ?? '', run)) return null;
    const update = { ...place, comment_id: present.id, body };
    const updated = await unlessGone(client.rest.issues.updateComment(update));
    if (updated !== null) return updated.data.html_url;
  }
  const created = await client.rest.issues.createComment({ ...place, issue_number: pullNumber, body });
  return created.data.html_url;
}

async function ownComments(comment: StickyComment) {
  const { client, run, pullNumber } = comment;
  // A workflow's token may not ask GET /user, but its own name it may ask for so.
  const { viewer } = await client.graphql<{ viewer: { login: string } }>('{ viewer { login } }');
  const all = await client.paginate(client.rest.issues.listComments, {
    owner: run.owner,
    repo: run.repo,
    issue_number: pullNumber,
    per_page: 100,
  });
  return all.filter(({ user, body }) => user?.login === viewer.login && body?.startsWith(marker(comment)));
}

/** Null when somebody has deleted the comment meanwhile. */
async function unlessGone<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if ((error as { status?: number }).status === 404) return null;
    throw error;
  }
}

function marker({ name }: Pick<StickyComment, 'name'>): string {
  return `<!-- lambda-duel: ${name} -->`;
}

function stamp({ id, attempt }: StickyComment['run']): string {
  return `<!-- run ${id}.${attempt} -->`;
}

/** Did a later run, or a later attempt of this one, write the body? */
function isNewer(body: string, run: StickyComment['run']): boolean {
  const [, id = 0, attempt = 0] = /^<!-- run (\d+)\.(\d+) -->$/m.exec(body)?.map(Number) ?? [];
  return id > run.id || (id === run.id && attempt > run.attempt);
}

/** The artefact of another workflow run: a zip that a stranger may have made. It is held in memory, never unpacked to disk. */
import { fromBufferPromise, type ZipFile } from 'yauzl';
import { PublishError } from '../../errors.ts';
import type { Octokit } from '../octokit.ts';

/** Never spread into a request: whatever else the object has, Octokit would send it along. */
export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

const ARTIFACT = 'benchmark-result';
const RESULT = 'result.json';

const MEGABYTE = 2 ** 20;
const LIMITS = {
  /** Bytes of the zip as it is sent. */
  zip: 100 * MEGABYTE,
  /** Bytes of result.json: fourteen times that of a two-hour soak of four variants, which is 0.58 MB. */
  result: 8 * MEGABYTE,
  entries: 100,
};

/** @returns the text of `result.json`, not yet to be believed. @throws PublishError */
export async function downloadResult(
  octokit: Octokit,
  repository: Repository,
  runId: number,
): Promise<string> {
  const { id, bytes } = await find(octokit, repository, runId);
  refuseLarger(bytes, LIMITS.zip, 'The artefact');
  return readResult(await download(octokit, repository, id));
}

async function find(
  octokit: Octokit,
  { owner, repo }: Repository,
  runId: number,
): Promise<{ id: number; bytes: number }> {
  const artifacts = await octokit.paginate(octokit.rest.actions.listWorkflowRunArtifacts, {
    owner,
    repo,
    run_id: runId,
    per_page: 100,
  });
  // A job that ran again leaves one of each attempt: the newest counts, and ids do not say which that is.
  const newest = artifacts
    .filter(({ name, expired }) => name === ARTIFACT && !expired)
    .sort((a, b) => (b.created_at ?? '').localeCompare(a.created_at ?? ''))[0];
  if (newest !== undefined) return { id: newest.id, bytes: newest.size_in_bytes };
  throw new PublishError(
    `Workflow run ${runId} has no artefact named ${ARTIFACT}.`,
    'Look at that run: its benchmark failed before there was a result, or the artefact has expired.',
  );
}

/** Streamed and counted, because the size that a list gives is only what was claimed. */
async function download(octokit: Octokit, { owner, repo }: Repository, id: number): Promise<Buffer> {
  const { data } = await octokit.request(
    'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
    {
      owner,
      repo,
      artifact_id: id,
      archive_format: 'zip',
      request: { parseSuccessResponseBody: false },
    },
  );
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of data as unknown as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    refuseLarger(bytes, LIMITS.zip, 'The artefact');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** @throws PublishError for anything but a zip of harmless names with one `result.json` of a sane size */
export async function readResult(zip: Buffer): Promise<string> {
  try {
    const file = await fromBufferPromise(zip, { lazyEntries: true });
    if (file.entryCount > LIMITS.entries) throw new Error(`it has ${file.entryCount} entries`);
    return await resultIn(file);
  } catch (cause) {
    if (cause instanceof PublishError) throw cause;
    throw new PublishError(
      `The artefact is not one of this workflow's: ${(cause as Error).message}.`,
      'Nothing was published. Look at the run that made it, and at who changed its workflow.',
      { cause },
    );
  }
}

/** Every name is walked past: yauzl refuses absolute names and those with `..`. */
async function resultIn(file: ZipFile): Promise<string> {
  let text: string | null = null;
  for await (const entry of file.eachEntry()) {
    if (entry.fileName !== RESULT) continue;
    if (text !== null) throw new Error(`it has two ${RESULT}`);
    refuseLarger(entry.uncompressedSize, LIMITS.result, RESULT);
    const parts: Buffer[] = [];
    // yauzl ends the stream with an error when more comes out than the entry said.
    for await (const part of await file.openReadStreamPromise(entry)) parts.push(part as Buffer);
    text = Buffer.concat(parts).toString('utf8');
  }
  if (text === null) throw new Error(`it has no ${RESULT}`);
  return text;
}

function refuseLarger(bytes: number, limit: number, what: string): void {
  if (bytes <= limit) return;
  const [has, may] = [bytes, limit].map((size) => (size / MEGABYTE).toFixed(1));
  throw new PublishError(
    `${what} has ${has} MiB; ${may} MiB are allowed.`,
    'Nothing was published. Keep raw samples in an artefact of another name.',
  );
}

/** Artefacts of workflow runs: https://docs.github.com/en/rest/actions/artifacts */
import { type Answer, type Exchange, notFound } from './exchange.ts';
import type { Artifact, State } from './state.ts';

export function listRunArtifacts({ state, params }: Exchange): Answer {
  const list = state.artifacts.filter(({ run }) => run === Number(params.run)).map(shown);
  return { status: 200, list, wrap: (page, total) => ({ total_count: total, artifacts: page }) };
}

/** GitHub answers with a short-lived address elsewhere, which takes no token. */
export function downloadArtifact({ state, params, origin }: Exchange): Answer {
  const artifact = artifactOf(state, Number(params.artifact));
  return { status: 302, headers: { location: `${origin}/_blobs/${artifact.id}` } };
}

export function blob(state: State, path: string): Buffer {
  return Buffer.from(artifactOf(state, Number(path.split('/').at(-1))).zip, 'base64');
}

/** What an upload by the job leaves: `POST /_artifacts {run, name, zip}`, for stand-ins of the upload action. */
export function storeArtifact(state: State, body: { run?: number; name?: string; zip?: string }): Answer {
  const { run = 0, name = '', zip = '' } = body;
  const artifact: Artifact = { id: state.nextId++, run, name, zip, createdAt: new Date().toISOString() };
  state.artifacts.push(artifact);
  return { status: 201, body: { id: artifact.id } };
}

/** What a job of the same run may read whatever its token may do: `GET /_artifacts?run=1`, for stand-ins of the download action. */
export function artifactsOf(state: State, run: number): Answer {
  const own = state.artifacts.filter((artifact) => artifact.run === run);
  return { status: 200, body: own.map(({ name, zip }) => ({ name, zip })) };
}

function artifactOf(state: State, id: number): Artifact {
  const found = state.artifacts.find((artifact) => artifact.id === id);
  if (found === undefined) throw notFound();
  return found;
}

function shown({ id, name, zip, claimedBytes, createdAt }: Artifact) {
  const size_in_bytes = claimedBytes ?? Buffer.from(zip, 'base64').length;
  return { id, name, expired: false, size_in_bytes, created_at: createdAt };
}

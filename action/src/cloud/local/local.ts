import { randomBytes } from 'node:crypto';
import type { Artifact } from '../../model.ts';
import type { Progress } from '../../progress.ts';
import type { Cloud, Deployment } from '../cloud.ts';
import { deployLocally } from './deploy.ts';
import { Teardown } from './teardown.ts';

export interface LocalCloudOptions {
  /** Paths of the programs it is made of. */
  readonly tools: {
    readonly gofakes3?: string;
    readonly dynoxide?: string;
    /** Interpreter of an environment that has `awslambdaric`; needed for python3.* only. */
    readonly awslambdaric?: string;
    /** Path of its `dist/index.mjs`; needed for nodejs*.x only. */
    readonly 'aws-lambda-ric'?: string;
  };
  readonly progress: Progress;
  /** Aborting ends what is being deployed, and deploy rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Invocations of one variant in flight beyond which requests are throttled (429). */
  readonly maxConcurrency?: number;
  readonly initTimeoutSeconds?: number;
}

/**
 * Lambda, S3 and DynamoDB on this machine: no account, no Docker. Functions run as child processes with their real
 * runtime clients.
 */
export function localCloud(options: LocalCloudOptions): Cloud {
  return { deploy: (artifacts) => deploy(artifacts, options) };
}

/** Whatever ends it early leaves nothing running. */
async function deploy(artifacts: readonly Artifact[], options: LocalCloudOptions): Promise<Deployment> {
  const teardown = new Teardown();
  const stop = () => void teardown[Symbol.asyncDispose]();
  let settle = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    options.signal?.throwIfAborted();
    const runId = randomBytes(4).toString('hex');
    const deployment = await deployLocally(artifacts, { ...options, runId, teardown, settled }).finally(
      settle,
    );
    options.signal?.throwIfAborted();
    return deployment;
  } catch (error) {
    await teardown[Symbol.asyncDispose]();
    throw options.signal?.aborted ? options.signal.reason : error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}

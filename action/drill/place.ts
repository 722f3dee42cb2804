import { join } from 'node:path';
import type { Progress } from '../src/progress.ts';
import { ensureTools } from '../src/tools/tools.ts';
import { type AwsDouble, startAwsDouble } from './aws-double.ts';
import type { Place } from './runner.ts';

/** The tools of the drill, found or installed; the AWS double is started when the first fault asks for it. */
export async function openPlace(root: string, progress: Progress): Promise<Place & AsyncDisposable> {
  const options = { cacheDir: join(root, '.cache'), progress };
  const { k6 } = await ensureTools(['k6', 'gofakes3', 'dynoxide'], options);
  let aws: Promise<AwsDouble> | null = null;
  return {
    k6,
    cache: options.cacheDir,
    aws() {
      aws ??= startAwsDouble(options);
      return aws;
    },
    async [Symbol.asyncDispose]() {
      await (await aws)?.[Symbol.asyncDispose]();
    },
  };
}

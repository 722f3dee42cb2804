import { run } from '../command.ts';
import { readJob } from '../job.ts';
import { stderrProgress } from '../progress.ts';
import { connect } from '../publish/octokit.ts';
import { publishArtifact, readPolicy } from '../publish/untrusted/publish-artifact.ts';

/** The entry of `npm run publish-artifact`, for publish.yml. Resolves to the exit code. */
export function main(): Promise<number> {
  return run(async (signal) => {
    const effort = { progress: stderrProgress(), signal };
    const job = readJob(process.env);
    await publishArtifact(connect({ ...job, ...effort }), job, readPolicy(process.env), effort);
    return 0;
  });
}

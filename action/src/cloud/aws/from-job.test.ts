import { execaSync } from 'execa';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startGitHub } from '../../../test/github/github.ts';
import { type AwsJob, sessionOf } from './from-job.ts';
import { hideSecrets } from './secrets.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const childEnvironment = () => execaSync('env').stdout;

function job(role: string | null): AwsJob {
  const secrets = hideSecrets(process.env);
  return {
    ...{ region: 'us-east-1', role, repository: 'octo/functions', runId: 50, attempt: 1, name: 'benchmark' },
    secrets,
  };
}

describe('the session of a job', () => {
  it('is got by an identity token that nothing the job starts can see, or ask for', async () => {
    await using github = await startGitHub();
    const { requestToken } = github.oidc;
    const sts = vi.fn();
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_URL', github.idTokenUrl);
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_TOKEN', requestToken);
    vi.stubEnv('ACTIONS_RUNTIME_TOKEN', 'runtime-secret');
    vi.stubEnv('INPUT_GITHUB-TOKEN', 'input-secret');
    // No STS there: the session fails, after the token was fetched.
    vi.stubEnv('AWS_ENDPOINT_URL', `${github.url}/no-sts`);
    expect(childEnvironment()).toContain(requestToken);
    const session = await sessionOf(job('arn:aws:iam::123456789012:role/duel-setup-run'));
    const got = session.credentials().catch(sts);
    const seen = childEnvironment();
    for (const secret of [requestToken, 'runtime-secret', 'input-secret']) expect(seen).not.toContain(secret);
    await got;
    expect(sts).toHaveBeenCalled();
    const asked = github.state.requests.map(({ path }) => path);
    expect(asked).toContain('/oidc/token?api-version=2.0&audience=sts.amazonaws.com');
  });

  it('without a role is that of an earlier step, out of the environment too', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'key-secret');
    const session = await sessionOf(job(null));
    expect(childEnvironment()).not.toContain('key-secret');
    expect(await session.credentials()).toMatchObject({
      accessKeyId: 'AKIAEXAMPLE',
      secretAccessKey: 'key-secret',
    });
  });
});

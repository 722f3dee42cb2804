import { execaSync } from 'execa';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startGitHub } from '../test/github/github.ts';
import { takeSecrets } from './job-secrets.ts';

afterEach(() => vi.unstubAllEnvs());

const childEnvironment = () => execaSync('env').stdout;

describe('the secrets of a job', () => {
  it('are not in the environment of anything it starts, not even while a token is minted', async () => {
    await using github = await startGitHub();
    const { requestToken } = github.oidc;
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_URL', github.idTokenUrl);
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_TOKEN', requestToken);
    vi.stubEnv('INPUT_GITHUB-TOKEN', 'input-secret');
    vi.stubEnv('GITHUB_TOKEN', 'job-secret');
    expect(childEnvironment()).toContain(requestToken);
    const secrets = takeSecrets();
    const minted = [secrets.idToken('sts.amazonaws.com'), secrets.idToken('sts.amazonaws.com')];
    const seen = childEnvironment();
    for (const secret of [requestToken, 'input-secret', 'job-secret']) expect(seen).not.toContain(secret);
    const [first = '', second = ''] = await Promise.all(minted);
    vi.restoreAllMocks();
    expect(audienceOf(first)).toBe('sts.amazonaws.com');
    expect(audienceOf(second)).toBe('sts.amazonaws.com');
  });

  it('are minted for jobs with the permission only', async () => {
    const secrets = takeSecrets();
    await expect(secrets.idToken('sts.amazonaws.com')).rejects.toThrow('ACTIONS_ID_TOKEN_REQUEST_URL');
  });
});

function audienceOf(token: string): string {
  return (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { aud: string }).aud;
}

import { expect, it } from 'vitest';
import { hideSecrets } from './secrets.ts';

it.each([
  ...['GH_TOKEN', 'GITHUB_TOKEN', 'GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'],
  ...['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
  ...['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'],
  ...['AWS_CONTAINER_AUTHORIZATION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'],
])('%s is out of what a build inherits, and there for a call that is revealed it', (name) => {
  const env: Record<string, string | undefined> = { [name]: 'secret', PATH: '/bin' };
  const secrets = hideSecrets(env);
  expect(env).toEqual({ PATH: '/bin' });
  expect(secrets.reveal(() => env[name])).toBe('secret');
});

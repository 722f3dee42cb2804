/**
 * Credentials of the job. A build runs whatever a pull request brings, and inherits the environment: they are taken out
 * of it before anything is started.
 */
import { getIDToken, setSecret } from '@actions/core';

const REQUEST = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
const TAKEN = [
  ...REQUEST,
  'INPUT_GITHUB-TOKEN',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_RESULTS_URL',
  'ACTIONS_CACHE_URL',
];

export interface JobSecrets {
  /** Mints an identity token; each lives for five minutes. Rejects where the job lacks `permissions: id-token: write`. */
  idToken(audience: string): Promise<string>;
}

/** Removes them from `process.env` and masks them in the log. */
export function takeSecrets(): JobSecrets {
  const taken = Object.fromEntries(
    TAKEN.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : [])),
  );
  for (const [name, value] of Object.entries(taken)) {
    if (/TOKEN/.test(name)) setSecret(value);
    delete process.env[name];
  }
  return {
    idToken(audience) {
      const request = REQUEST.flatMap((name) =>
        taken[name] === undefined ? [] : [[name, taken[name]] as const],
      );
      Object.assign(process.env, Object.fromEntries(request));
      // It reads the environment before its first await; see `getIDToken` in @actions/core/lib/oidc-utils.js.
      const token = getIDToken(audience);
      for (const name of REQUEST) delete process.env[name];
      return token;
    },
  };
}

/** Variables that let whoever has them act as this job or this person. */
const SECRET = new RegExp(
  `^(${[
    'AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|WEB_IDENTITY_TOKEN_FILE)',
    'AWS_CONTAINER_(CREDENTIALS_(RELATIVE|FULL)_URI|AUTHORIZATION_TOKEN(_FILE)?)',
    'ACTIONS_ID_TOKEN_REQUEST_(TOKEN|URL)',
    'ACTIONS_RUNTIME_TOKEN',
    '(GITHUB|GH)(_ENTERPRISE)?_TOKEN',
    'INPUT_.*TOKEN.*',
  ].join('|')})$`,
  'i',
);

export interface HiddenSecrets {
  /**
   * Puts the variables back while `work` is being called, for libraries that read the environment at their call; they are
   * gone again before anything else runs, so that no child process started meanwhile inherits them.
   */
  reveal<T>(work: () => T): T;
}

/**
 * Takes secrets out of an environment that compilers, package installers and the load generator inherit: a build runs
 * whatever code its dependencies bring. Call it after the credentials were first got, and before anything is started.
 *
 * @param env changed in place; `process.env`.
 */
export function hideSecrets(env: Record<string, string | undefined>): HiddenSecrets {
  const hidden = Object.fromEntries(Object.entries(env).filter(([name]) => SECRET.test(name)));
  const hide = () => {
    for (const name of Object.keys(hidden)) delete env[name];
  };
  hide();
  return {
    reveal(work) {
      Object.assign(env, hidden);
      try {
        return work();
      } finally {
        hide();
      }
    },
  };
}

/** Files by which a step of a job hands variables, PATH, outputs and a summary to the runner. */
const COMMAND_FILES = ['GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'];

/**
 * For the environment of a child, which loses them by it: what a build's dependencies run must not be told where to write
 * what the next steps obey.
 */
export const WITHOUT_COMMAND_FILES: Readonly<Record<string, undefined>> = Object.fromEntries(
  COMMAND_FILES.map((name) => [name, undefined]),
);

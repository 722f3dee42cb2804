/** What git or the API says when it refuses a commit, and whether trying again can help. */
import { PublishError } from '../errors.ts';

/** Somebody else was faster, or the server is unwell: the same attempt may succeed later. */
export class PassingRejection extends Error {}

/** Races first: a lost race prints `! [remote rejected]` just as a protected branch does. */
const PASSING = [
  /\(stale info\)/,
  /\(fetch first\)|\(non-fast-forward\)/,
  // The branch that our parent commit was on is gone, so the server does not know the parent any more.
  /shallow update not allowed/,
  /cannot lock ref|failed to update ref|failed to lock|reference already exists/,
  /returned error: (408|429|5\d\d)|HTTP (408|429|5\d\d)/,
  /Could not resolve host|Connection (refused|reset|timed out)|Operation timed out|early EOF|hung up unexpectedly|RPC failed|Failed to connect/,
];

const OTHER_MODE = 'or choose report-mode: branch, which commits to a data branch of its own';
const PERMISSION =
  'Give the job `permissions: contents: write`; a run from a fork has a read-only token, and the workflow publish.yml commits for it';

/** Every permanent answer we know, with what helps. The first that matches is it. */
const PERMANENT: readonly { readonly seen: RegExp; readonly fact: string; readonly remedy: string }[] = [
  {
    seen: /GH006/,
    fact: 'The branch is protected (GH006)',
    remedy: `Choose report-mode: pull-request, ${OTHER_MODE}.`,
  },
  {
    seen: /GH013/,
    fact: 'A repository rule refuses the push (GH013)',
    remedy: `Let the rule set except this workflow's app, choose report-mode: pull-request, ${OTHER_MODE}.`,
  },
  {
    seen: /GH001/,
    fact: 'A file is larger than GitHub accepts (GH001)',
    remedy: 'Keep raw samples in an artifact, not in the report.',
  },
  {
    seen: /\b401\b|Authentication failed|could not read (Username|Password)|Bad credentials/,
    fact: 'The token was not accepted (401)',
    remedy: 'Give a token that is valid until the end of the run: github-token, by default that of the job.',
  },
  {
    seen: /\b403\b|Resource not accessible by integration|Permission to .* denied|FORBIDDEN/,
    fact: 'The token may not write to the repository (403)',
    remedy: `${PERMISSION}.`,
  },
  {
    seen: /Repository not found|repository '.*' not found|\b404\b/,
    fact: 'The repository was not found, or the token may not see it (404)',
    remedy: `${PERMISSION}.`,
  },
  {
    seen: /pre-receive hook declined|hook declined/,
    fact: 'A hook of the server declined the push',
    remedy: `Choose report-mode: pull-request, ${OTHER_MODE}.`,
  },
];

/** @param words what git wrote to stderr, or the API answered */
export function rejection(branch: string, words: string): PassingRejection | PublishError {
  if (PASSING.some((pattern) => pattern.test(words))) return new PassingRejection(lastLines(words));
  const known = PERMANENT.find(({ seen }) => seen.test(words));
  return new PublishError(
    `The report could not be committed to ${branch}: ${known?.fact ?? 'git refused'}.\n${lastLines(words)}`,
    known?.remedy ?? `Read what the server said above; report-mode: none runs without committing.`,
  );
}

const LINES_SHOWN = 6;

function lastLines(words: string): string {
  return words.trim().split('\n').slice(-LINES_SHOWN).join('\n');
}

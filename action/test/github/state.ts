/** What the fake GitHub knows: one repository, its tokens, and the faults it is told to show. */

/** GitHub's names of the permissions that a workflow's token can have. */
export type Scope = 'contents' | 'issues' | 'pull-requests' | 'checks' | 'actions';
export type Access = 'read' | 'write';

export interface Token {
  /** Whose comments and commits it makes, e.g. `github-actions[bot]`. */
  readonly login: string;
  readonly permissions: Readonly<Partial<Record<Scope, Access>>>;
  /** GitHub answers 401 to a token whose job is over. */
  expired?: boolean;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly login: string;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title?: string;
}

export interface CheckRun {
  readonly id: number;
  readonly headSha: string;
  name: string;
  status: string;
  conclusion: string | null;
  detailsUrl: string | null;
  title: string | null;
  summary: string | null;
  readonly annotations: Annotation[];
}

/** An issue, or with `pull` a pull request. */
export interface Issue {
  readonly number: number;
  readonly login: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  locked: boolean;
  readonly labels: string[];
  readonly pull: Pull | null;
}

export interface Pull {
  readonly head: { ref: string; sha: string; repo: string };
  readonly base: { ref: string; sha: string };
}

export interface WorkflowRun {
  readonly id: number;
  /** File name of the workflow. */
  readonly workflow: string;
  readonly event: string;
  readonly headSha: string;
  readonly headBranch: string;
  /** `OWNER/NAME`. */
  readonly headRepository: string;
  status: string;
  conclusion?: string;
  attempt: number;
}

export interface Artifact {
  readonly id: number;
  /** Id of the workflow run that uploaded it. */
  readonly run: number;
  readonly name: string;
  /** The archive, base64. */
  readonly zip: string;
  /** ISO 8601. Ids are not in its order. */
  readonly createdAt: string;
  /** What the list says its size is; that of the archive when absent. */
  readonly claimedBytes?: number;
}

/** An answer to give instead of the real one, to the next `times` requests that match. */
export interface Fault {
  /** E.g. `PATCH`; every method when absent. */
  readonly method?: string;
  /** Found in the request's path; every path when absent. */
  readonly path?: string;
  readonly status: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  times: number;
}

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface State {
  readonly owner: string;
  readonly repo: string;
  readonly defaultBranch: string;
  /** Branches that refuse direct writes. */
  readonly protectedBranches: string[];
  /** Bare git repository behind the git and contents endpoints. */
  readonly gitDir: string;
  readonly tokens: Record<string, Token>;
  readonly issues: Issue[];
  readonly comments: Comment[];
  readonly checks: CheckRun[];
  readonly artifacts: Artifact[];
  readonly workflowRuns: WorkflowRun[];
  readonly faults: Fault[];
  /** Permission of a user on the repository: `admin`, `write`, `read` or `none`. */
  readonly collaborators: Record<string, string>;
  /** Every request that was answered, in order. */
  readonly requests: LoggedRequest[];
  nextId: number;
}

/** What a test may set; the rest begins empty. */
export type Seed = Partial<Omit<State, 'gitDir' | 'requests' | 'nextId'>>;

export function newState(gitDir: string, seed: Seed = {}): State {
  return {
    owner: 'octo',
    repo: 'functions',
    defaultBranch: 'main',
    protectedBranches: [],
    tokens: {},
    issues: [],
    comments: [],
    checks: [],
    artifacts: [],
    workflowRuns: [],
    faults: [],
    collaborators: {},
    ...structuredClone(seed),
    gitDir,
    requests: [],
    nextId: 1000,
  };
}

/** The token that a workflow has with all the permissions that publishing needs. */
export const PUBLISHER: Token = {
  login: 'github-actions[bot]',
  permissions: { contents: 'write', issues: 'write', 'pull-requests': 'write', checks: 'write' },
};

/** What GitHub gives to a workflow of a pull request from a fork, whatever the workflow asks for. */
export const FORK: Token = {
  login: 'github-actions[bot]',
  permissions: { contents: 'read', issues: 'read', 'pull-requests': 'read', checks: 'read' },
};

/** An open pull request within the repository. */
export function pullRequest(
  number: number,
  head: { ref: string; sha: string; repo?: string },
  base: { ref: string; sha: string } = { ref: 'main', sha: '0'.repeat(40) },
): Issue {
  const pull = { head: { repo: 'octo/functions', ...head }, base };
  return {
    number,
    login: 'octocat',
    title: `Pull request ${number}`,
    body: '',
    state: 'open',
    locked: false,
    labels: [],
    pull,
  };
}

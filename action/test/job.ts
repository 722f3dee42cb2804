/** A job of GitHub Actions as far as an action can tell: its environment, its command files, its checkout and its log. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { parse } from 'yaml';
import type { GitHub } from './github/github.ts';
import { toolchainEnvironment } from './toolchain-environment.ts';

const ROOT = dirname(dirname(import.meta.dirname));

export interface Job extends AsyncDisposable {
  readonly workspace: string;
  /** Starts `main.mjs` or `post.mjs`; the post step sees the state that the main step saved. */
  step(name: 'main' | 'post'): Promise<Step>;
  outputs(): Promise<Record<string, string>>;
  summary(): Promise<string>;
}

export interface Step {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** Everything it has written so far. */
  log(): string;
  /** Resolves when its log has the text. */
  saw(text: string): Promise<void>;
}

export interface JobOptions {
  readonly github: GitHub;
  /** Folder of the bundle. */
  readonly dist: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event: object;
  readonly sha: string;
  /** Variables beyond those of every job. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startJob(options: JobOptions): Promise<Job> {
  const { github, dist, inputs = {}, event, sha } = options;
  const folder = await mkdtemp(join(tmpdir(), 'job-'));
  const [workspace, temp] = [join(folder, 'workspace'), join(folder, 'temp')];
  await mkdir(workspace);
  await mkdir(join(temp, 'lambda-duel'), { recursive: true });
  await symlink(join(ROOT, '.cache', 'tools'), join(temp, 'lambda-duel', 'tools'));
  const file = (name: string) => join(folder, name);
  const files = ['output', 'state', 'summary'];
  await Promise.all(files.map((name) => writeFile(file(name), '')));
  await writeFile(file('event.json'), JSON.stringify(event));
  const environment = {
    ...toolchainEnvironment(),
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: `${github.state.owner}/${github.state.repo}`,
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: file('event.json'),
    GITHUB_SHA: sha,
    GITHUB_RUN_ID: '50',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    GITHUB_OUTPUT: file('output'),
    GITHUB_STATE: file('state'),
    GITHUB_STEP_SUMMARY: file('summary'),
    ...(await inputVariables(inputs)),
    ...options.environment,
  };
  return {
    workspace,
    async step(name) {
      const state = Object.entries(await commandFile(file('state')));
      const saved = Object.fromEntries(state.map(([key, value]) => [`STATE_${key}`, value]));
      return startStep(join(dist, `${name}.mjs`), { ...environment, ...saved });
    },
    outputs: () => commandFile(file('output')),
    summary: () => readFile(file('summary'), 'utf8'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What is not given has the default of action.yml, as on GitHub. */
async function inputVariables(given: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const action = parse(await readFile(join(ROOT, 'action', 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default: string }>;
  };
  const values = Object.entries(action.inputs).map(([name, input]) => [name, given[name] ?? input.default]);
  return Object.fromEntries(values.map(([name, value]) => [`INPUT_${name?.toUpperCase()}`, value ?? '']));
}

function startStep(file: string, env: NodeJS.ProcessEnv): Step {
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      for (const look of watchers) look();
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const saw = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!log.includes(text)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
      void ended.then(() => reject(new Error(`The step ended without "${text}":\n${log}`)));
    });
  return { child, ended, log: () => log, saw };
}

/** `NAME<<DELIMITER`, lines of the value, `DELIMITER`: the last value of a name counts. */
async function commandFile(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, 'utf8');
  const found = text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}

/** A deployment package whose function is a script of Node's: small, and nothing has to be compiled. */
export function functionZip(remark: string): Uint8Array {
  const source = `#!/usr/bin/env node
// ${remark}
const url = \`http://\${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation\`;
for (;;) {
  const next = await fetch(\`\${url}/next\`);
  const id = next.headers.get('lambda-runtime-aws-request-id');
  await next.text();
  await fetch(\`\${url}/\${id}/response\`, { method: 'POST', body: '{"statusCode":200,"body":"{}"}' });
}
`;
  const started = '#!/bin/sh\nexec node function.mjs\n';
  const executable = { os: 3, attrs: (0o100000 | 0o755) << 16 } as const;
  return zipSync({
    bootstrap: [new TextEncoder().encode(started), executable],
    'function.mjs': [new TextEncoder().encode(source), executable],
  });
}

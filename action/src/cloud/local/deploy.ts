import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { DeployError } from '../../errors.ts';
import { leftBehind } from '../../left-behind.ts';
import type { Artifact, Variant, Warning } from '../../model.ts';
import { toolVersions } from '../../tools/catalogue.ts';
import type { Target } from '../cloud.ts';
import { chooseLimits } from './choose-limits.ts';
import { type DeployedFunction, LocalDeployment, serverDied } from './deployment.ts';
import { emulationWarnings } from './emulation.ts';
import type { FunctionSpec } from './execution.ts';
import { functionEnvironment, hostEnvironment, type Services } from './function-environment.ts';
import { functionUrl } from './function-url.ts';
import type { Limits } from './limits.ts';
import type { LocalCloudOptions } from './local.ts';
import { unpack } from './package.ts';
import { FunctionPool } from './pool.ts';
import { Records } from './records.ts';
import { clientOf, runtimeCommand } from './runtimes.ts';
import { type ServerProgram, startServer } from './server.ts';
import { dynamodb, s3 } from './services.ts';
import type { Teardown } from './teardown.ts';

interface Context extends LocalCloudOptions {
  readonly runId: string;
  readonly teardown: Teardown;
  /** Resolves when deploying has ended, one way or the other. */
  readonly settled: Promise<void>;
}

/** What every function of a deployment shares. */
interface Ground {
  readonly folder: string;
  readonly limits: Limits;
  readonly services: Services;
  readonly records: Records;
}

const defaultConcurrency = 64;
/** Lambda's own limit for an init. */
const defaultInitTimeoutSeconds = 10;

export async function deployLocally(
  artifacts: readonly Artifact[],
  context: Context,
): Promise<LocalDeployment> {
  const warnings: Warning[] = [];
  const folder = await temporaryFolder(context);
  const limits = await chooseLimits(context.runId);
  await undo(context, () => limits.dispose());
  const name = `lambda-duel-${context.runId}`;
  const [s3Endpoint, dynamodbEndpoint, tools] = await allEnded([
    serve(s3(need(context, 'gofakes3'), name), folder, context, warnings),
    serve(dynamodb(need(context, 'dynoxide'), name), folder, context, warnings),
    describeTools(artifacts, context),
  ]);
  const ground: Ground = {
    folder,
    limits,
    services: { s3: s3Endpoint, dynamodb: dynamodbEndpoint, bucket: name, table: name },
    records: new Records(),
  };
  const functions = await allEnded(artifacts.map((artifact) => deployFunction(artifact, ground, context)));
  warnings.push(...limits.warnings, ...emulationWarnings(artifacts, tools));
  const target: Target = {
    kind: 'local',
    label: 'local cloud, not AWS',
    region: null,
    limits: limits.description,
    tools,
    warnings,
  };
  return new LocalDeployment({
    target,
    functions: new Map(functions),
    records: ground.records,
    teardown: context.teardown,
  });
}

/** Like Promise.all, but rejects only when nothing is under way any more. */
async function allEnded<T extends readonly Promise<unknown>[]>(work: readonly [...T]) {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/**
 * Registers the undoing of something just made; when teardown has begun meanwhile, undoes it and gives up.
 *
 * @param first what a later undoing, but not one at once, has to wait for.
 */
async function undo(
  context: Context,
  step: () => Promise<void> | void,
  first?: Promise<void>,
): Promise<void> {
  const later = async () => {
    await first;
    await step();
  };
  if (context.teardown.defer(later)) return;
  await step();
  throw new DeployError('The local cloud was taken down while it was being deployed.', 'Run it again.');
}

async function temporaryFolder(context: Context): Promise<string> {
  await sweepFolders();
  const folder = await mkdtemp(join(tmpdir(), `lambda-duel-${process.pid}-`));
  // Something may write there until deploying has ended.
  await undo(context, () => removeFolder(folder), context.settled);
  return folder;
}

/**
 * Removes what runs that were killed outright have left, as far as it is ours to remove.
 *
 * @param remove for tests
 */
export async function sweepFolders(remove = removeFolder): Promise<void> {
  for (const name of await leftBehind(tmpdir(), /^lambda-duel-(\d+)-/))
    await remove(join(tmpdir(), name)).catch(() => {});
}

const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

async function serve(
  program: ServerProgram,
  cwd: string,
  context: Context,
  warnings: Warning[],
): Promise<string> {
  const server = await startServer(program, { cwd, env: hostEnvironment() });
  await undo(context, () => server.end());
  server.died.then((words) => {
    warnings.push(serverDied(program.name, words));
    context.progress.line('local cloud', `${program.name} ended by itself`);
  });
  context.progress.line('local cloud', `${program.name} at ${server.endpoint}`);
  return server.endpoint;
}

async function deployFunction(
  artifact: Artifact,
  ground: Ground,
  context: Context,
): Promise<[string, DeployedFunction]> {
  const { variant } = artifact;
  const taskRoot = join(ground.folder, variant.name);
  await mkdir(taskRoot);
  await unpack(artifact.path, taskRoot);
  const env = functionEnvironment(variant, taskRoot, ground.services);
  const spec = functionSpec(variant, taskRoot, env, context);
  const maxConcurrency = context.maxConcurrency ?? defaultConcurrency;
  const pool = new FunctionPool({
    spec,
    limits: ground.limits,
    maxConcurrency,
    report: (report) => ground.records.add(variant.name, variant.memoryMb, report),
  });
  await undo(context, () => pool.close());
  await expectInit(variant, pool, context);
  const url = await functionUrl({
    functionName: variant.name,
    maxConcurrency,
    invoke: (requestId, event, answer) => pool.invoke(requestId, event, answer),
  });
  await undo(context, () => url.close());
  return [variant.name, { url: url.url, pool }];
}

function functionSpec(
  variant: Variant,
  taskRoot: string,
  env: Readonly<Record<string, string>>,
  context: Context,
): FunctionSpec {
  return {
    name: variant.name,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${variant.name}`,
    command: runtimeCommand(variant, taskRoot, (client) => need(context, client)),
    taskRoot,
    env,
    memoryMb: variant.memoryMb,
    timeoutSeconds: variant.timeoutSeconds,
    initTimeoutSeconds: context.initTimeoutSeconds ?? defaultInitTimeoutSeconds,
  };
}

/** One environment is started and ended for each function, so that one that can't start is known before load. */
async function expectInit(variant: Variant, pool: FunctionPool, context: Context): Promise<void> {
  const fault = await pool.tryInit();
  if (fault !== null) {
    throw new DeployError(
      `The function of variant \`${variant.name}\` does not start: ${fault.errorType}: ${fault.errorMessage}`,
      'Mend its init (imports, environment variables, handler name) and run again.',
    );
  }
  await pool.freshEnvironments();
  context.progress.line('local cloud', `${variant.name} starts`);
}

function need(context: Context, name: keyof LocalCloudOptions['tools']): string {
  const path = context.tools[name];
  if (path === undefined) throw new RangeError(`the local cloud needs the tool ${name}`);
  return path;
}

async function describeTools(
  artifacts: readonly Artifact[],
  context: Context,
): Promise<Record<string, string>> {
  const { gofakes3, dynoxide, awslambdaric } = toolVersions;
  const clients = new Set(artifacts.map(({ variant }) => clientOf(variant.runtime)));
  const base = {
    gofakes3,
    'dynoxide-rs': dynoxide,
    node: process.versions.node,
    ...(clients.has('aws-lambda-ric') && { 'aws-lambda-ric': toolVersions['aws-lambda-ric'] }),
  };
  if (!clients.has('awslambdaric')) return base;
  const python = await execa(need(context, 'awslambdaric'), [
    '-c',
    'import platform; print(platform.python_version())',
  ]);
  return { ...base, awslambdaric, python: python.stdout };
}

import { DeployError } from '../../errors.ts';
import type { Artifact, Variant } from '../../model.ts';
import { untilActive } from './active.ts';
import type { AwsClients } from './clients.ts';
import { type Outputs, startStack, untilCreated, type Watch } from './create-stack.ts';
import { alternateOf, logGroupOf, stacksOf, TAGS } from './names.ts';
import { type BenchmarkPlan, type FunctionPlan, OUTPUTS, PACKAGES_BUCKET, packageKeyOf } from './plan.ts';
import { publishVersions } from './snap-start.ts';
import { type SynthCommand, synthesize } from './synth.ts';
import { deleteStack, destroyStack } from './teardown.ts';
import { sendable, upload } from './upload.ts';

/** One run on AWS. */
export interface RunOptions extends Watch {
  readonly clients: AwsClients;
  /** See `stacksOf`: whoever cleans up needs it, so the entry chooses it and keeps it before deploying. */
  readonly runId: string;
  /** `owner/name`; the janitor of another repository leaves the run alone. */
  readonly repository: string;
  /** When the janitor may delete what is left. */
  readonly expires: Date;
  readonly synth: SynthCommand;
  /** What `setup:aws` made; null to create as the caller. */
  readonly setup: { readonly deployRole: string; readonly permissionsBoundary: string } | null;
  /** Two functions a variant, that alternate: one gets new environments while the other is measured. */
  readonly alternates: boolean;
  /** Published versions of each function with SnapStart, one for every time that its environments are replaced. */
  readonly versions: number;
}

export interface DeployedFunction {
  readonly name: string;
  readonly url: string;
  readonly logGroup: string;
  /** With SnapStart its published versions that nobody has called yet, the next one first; null without. */
  readonly unusedVersions: string[] | null;
}

export interface DeployedRun extends AsyncDisposable {
  /** By variant; under `alternateOf` its name, the one that alternates with it. */
  readonly functions: ReadonlyMap<string, DeployedFunction>;
}

/** Creates a run's stacks with the packages in them; whatever ends it early leaves nothing behind. */
export async function deployRun(artifacts: readonly Artifact[], options: RunOptions): Promise<DeployedRun> {
  const removal = new Removal(options);
  try {
    return {
      functions: await create(artifacts, options, removal),
      [Symbol.asyncDispose]: () => removal.remove(),
    };
  } catch (error) {
    await removal.remove().catch((failure: Error) => options.progress.line('aws', failure.message));
    throw options.signal?.aborted ? options.signal.reason : error;
  }
}

async function create(artifacts: readonly Artifact[], options: RunOptions, removal: Removal) {
  const { clients, signal, synth } = options;
  const plan = planOf(artifacts, options);
  const templates = await synthesize(plan, { command: synth, ...(signal !== undefined && { signal }) });
  const { packages, benchmark } = plan.stacks;
  options.progress.line('aws', `stack ${benchmark}, deleted by the janitor after ${iso(options.expires)}`);
  const make = (name: string, template: string, parameters: Record<string, string>) =>
    createStack(name, { template, parameters, options, removal });
  const bucket = output(await make(packages, templates[packages] ?? '', {}), OUTPUTS.packagesBucket);
  await upload(clients.s3, bucket, artifacts, signal);
  const template = await sendable(clients.s3, bucket, templates[benchmark] ?? '', signal);
  const outputs = await make(benchmark, template, { [PACKAGES_BUCKET]: bucket });
  const functions = functionsOf(plan, outputs);
  await Promise.all(Array.from(functions.values(), (deployed) => makeReady(deployed, options)));
  return functions;
}

/** Waits until the function can be invoked, and with SnapStart publishes the versions that the run will use up. */
async function makeReady({ name, unusedVersions }: DeployedFunction, options: RunOptions): Promise<void> {
  const { clients, signal, progress, versions } = options;
  const { lambda } = clients;
  const means = { lambda, progress, ...(signal !== undefined && { signal }) };
  await untilActive(lambda, name, means);
  if (unusedVersions !== null) unusedVersions.push(...(await publishVersions(name, versions, means)));
}

function planOf(artifacts: readonly Artifact[], options: RunOptions): BenchmarkPlan {
  const stacks = stacksOf(options.runId);
  const functions = artifacts.flatMap(({ variant, sha256 }) => {
    const { name } = variant;
    return (options.alternates ? [name, alternateOf(name)] : [name]).map((id): FunctionPlan => {
      const own = { id, packageKey: packageKeyOf({ sha256 }), logGroup: logGroupOf(stacks.benchmark, id) };
      return { ...settingsOf(variant), ...own };
    });
  });
  const permissionsBoundary = options.setup?.permissionsBoundary ?? null;
  return { kind: 'benchmark', stacks, permissionsBoundary, functions };
}

function settingsOf(variant: Variant) {
  const { runtime, handler, architecture, memoryMb, timeoutSeconds, environment } = variant;
  const { snapStart, permissions } = variant;
  const settings = { runtime, handler, architecture, memoryMb, timeoutSeconds, environment };
  return {
    ...settings,
    ...(snapStart === true && { snapStart }),
    ...(permissions !== undefined && { permissions }),
  };
}

interface Making {
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly options: RunOptions;
  readonly removal: Removal;
}

async function createStack(
  name: string,
  { template, parameters, options, removal }: Making,
): Promise<Outputs> {
  const { clients, signal, setup, runId, repository, expires } = options;
  signal?.throwIfAborted();
  const stackId = await startStack(clients.cloudformation, {
    name,
    template,
    parameters,
    tags: { [TAGS.run]: runId, [TAGS.repository]: repository, [TAGS.expires]: iso(expires) },
    role: setup?.deployRole ?? null,
  });
  removal.add(stackId);
  return untilCreated(clients.cloudformation, { name, stackId }, options);
}

function functionsOf(plan: BenchmarkPlan, outputs: Outputs): Map<string, DeployedFunction> {
  return new Map(
    plan.functions.map(({ id, logGroup, snapStart }, index) => [
      id,
      {
        name: output(outputs, OUTPUTS.functionName(index)),
        url: output(outputs, OUTPUTS.functionUrl(index)),
        logGroup,
        unusedVersions: snapStart === true ? [] : null,
      },
    ]),
  );
}

function output(outputs: Outputs, key: string): string {
  const value = outputs[key];
  if (value === undefined) throw new Error(`the stack has no output ${key}`);
  return value;
}

const iso = (date: Date): string => date.toISOString().replace(/\.\d+/, '');

/** The stacks this run made, and no other of the same name. */
class Removal {
  readonly #options: RunOptions;
  readonly #stackIds = new Set<string>();
  #removed: Promise<void> | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  add(stackId: string): void {
    this.#stackIds.add(stackId);
  }

  /** Once, however often it is asked for. */
  remove(): Promise<void> {
    this.#removed ??= this.#remove();
    return this.#removed;
  }

  async #remove(): Promise<void> {
    const { clients, signal } = this.#options;
    const ids = [...this.#stackIds];
    // A cancelled job has seconds: first have everything deleted that goes without waiting.
    if (signal?.aborted) await Promise.all(ids.map((id) => deleteStack(clients.cloudformation, id)));
    const outcomes = await Promise.allSettled(ids.map((id) => destroyStack(clients, id, this.#options)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw stillThere(this.#options, failed.reason);
  }
}

/** Whoever pays for what is left has to hear of it. */
function stillThere({ runId, expires }: RunOptions, cause: Error): DeployError {
  const { benchmark, packages } = stacksOf(runId);
  return new DeployError(
    `Stack ${benchmark} or ${packages} may still be there: ${cause.message}`,
    `Use credentials that work for npm run janitor -- --run ${runId}; after ${iso(expires)} any janitor deletes them.`,
    { cause },
  );
}

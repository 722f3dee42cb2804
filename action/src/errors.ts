/**
 * The errors a person can do something about. Each is one sentence of fact (what was given or seen, what is
 * allowed) and one of remedy. Anything else that is thrown is a defect of ours and shows its stack.
 */
export class DuelError extends Error {
  /** Exit code of the terminal command: 1 the run failed, 2 bad usage or config, 130 interrupted. */
  readonly exitCode: number = 1;
  /** What the reader should do now; one sentence or a list. */
  readonly remedy: string;

  constructor(fact: string, remedy: string, options?: { cause?: unknown }) {
    super(fact, options);
    this.name = new.target.name;
    this.remedy = remedy;
  }
}

/** Somebody asked how a command is used; the message is the answer, and nothing failed. */
export class UsageAsked extends Error {}

/** Bad usage or configuration; found before anything is built or started. */
export class ConfigError extends DuelError {
  override readonly exitCode: number = 2;
}
/** A toolchain is missing or a tool could not be installed. */
export class ToolError extends DuelError {}
/** A variant's artefact could not be built; the message carries the compiler's or installer's own words. */
export class BuildError extends DuelError {}
/** The cloud could not be brought up or a variant does not answer. */
export class DeployError extends DuelError {}
/** The load generator failed. */
export class LoadError extends DuelError {}
/** Platform records could not be read. */
export class CollectError extends DuelError {}
/** The result could not be written. */
export class PublishError extends DuelError {}
/** A person pressed Ctrl-C or the process was told to stop. */
export class InterruptedError extends DuelError {
  override readonly exitCode: number = 130;
}

/**
 * What was thrown, the first of it first: an error, and what then failed while its consequences were being cleared away
 * (the SuppressedError of `await using`, which Node 20 has no class for).
 */
export function allThrown(error: unknown): unknown[] {
  if (!(error instanceof Error) || error.name !== 'SuppressedError') return [error];
  const { error: later, suppressed: first } = error as Error & { error?: unknown; suppressed?: unknown };
  return [...allThrown(first), ...allThrown(later)];
}

/** A program this pipeline uses and does not contain: data for the one engine in `tools.ts`. */
export interface Tool {
  readonly name: string;
  /** The pinned version, as its package manager names it. */
  readonly version: string;
  /** Toolchains that install or verify it, by name (`toolchains.ts`). */
  readonly toolchains: readonly string[];
  /** How to recognise it among the person's own programs; null when only our own copy will do. */
  readonly command: string | null;
  /** Its binary inside the folder it is installed to. */
  readonly binary: string;
  /** Commands that install it to `folder`, run in order. */
  install(folder: string): readonly Command[];
  /** Command that says the version of the program at `binary`. */
  verify(binary: string): readonly string[];
  /** What that command's output must contain. */
  readonly expect: string;
  /** Roughly how long an installation takes, for the progress line. */
  readonly takes: string;
}

export interface Command {
  readonly argv: readonly string[];
  /** Compiles for minutes what only a deployment needs: lets builds of functions, which take longest, go first. */
  readonly background?: true;
  readonly env?: Readonly<Record<string, string>>;
}

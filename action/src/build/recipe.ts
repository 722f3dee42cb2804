import type { Variant } from '../model.ts';
import type { Platform } from './platform.ts';
import type { SourceFile } from './source-tree.ts';

/** What a recipe may use. */
export interface BuildContext {
  readonly platform: Platform;
  /** Absolute path, or the name of a program on PATH. */
  readonly tools: BuildTools;
  /** Variables of the variant's build, on top of this process's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Kept between runs, e.g. for a compiler's intermediate output. */
  readonly cacheDir: string;
  readonly say: (message: string) => void;
  readonly signal: AbortSignal;
  /** Before a download is tried again, ms; for tests that are in a hurry. */
  readonly retryAfterMs?: number;
}

export interface BuildTools {
  /** Needed by variants of kinds `cargo-lambda` and `maturin` only; it brings zig. */
  readonly 'cargo-lambda'?: string;
  readonly maturin?: string;
  /** Needed by variants of kind `node` only. */
  readonly esbuild?: string;
}

/** How one variant's package is made. All but `make` decides whether it must be made again. */
export interface Recipe {
  /** Everything the package is made of, except what the flags, tools and lock files pin. */
  readonly files: readonly SourceFile[];
  readonly flags: readonly string[];
  readonly tools: Readonly<Record<string, string>>;
  /** It uses a folder that others of its kind use too, and maybe every core: such recipes are made one after the other. */
  readonly alone?: true;
  /** @param folder an empty folder of its own, removed afterwards */
  make(folder: string): Promise<Package>;
}

export interface Package {
  readonly zip: Uint8Array;
  readonly unzippedBytes: number;
  /** Pinned libraries that went into it, by name. */
  readonly libraries: Readonly<Record<string, string>>;
}

/** Checks the variant before anything is built. Throws ConfigError or BuildError. */
export type Prepare = (variant: Variant, context: BuildContext) => Promise<Recipe>;

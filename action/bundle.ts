/**
 * `npm run bundle`: what `action.yml` runs, in files without dependencies. `dist/` is made before `uses: ./action`, and is
 * committed to release tags only.
 */
import { cp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { run } from './src/command.ts';

const ENTRIES = ['src/main.ts', 'src/post.ts'];
/** Files that programs other than Node read; the sources find them beside themselves, and so does the bundle. */
const BESIDE = ['src/load/scenario.js'];

/** Some dependencies are CommonJS and require Node's own modules, which an ES module can do so only. */
const BANNER =
  "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);";

/** @param out folder for the bundle; made new */
export async function bundle(root: string, out: string): Promise<Metafile> {
  await rm(out, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES.map((entry) => join(root, 'action', entry)),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    // The oldest Node that runs from source; an action's is 24.
    target: 'node20.20',
    format: 'esm',
    banner: { js: BANNER },
    minify: true,
    keepNames: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  for (const file of BESIDE) await cp(join(root, 'action', file), join(out, basename(file)));
  return metafile;
}

export function main(_argv: readonly string[], { root }: { root: string }): Promise<number> {
  return run(async () => {
    const { outputs } = await bundle(root, join(root, 'action', 'dist'));
    for (const [path, { bytes }] of Object.entries(outputs))
      process.stderr.write(`${path}  ${(bytes / 1e6).toFixed(2)} MB\n`);
    return 0;
  });
}

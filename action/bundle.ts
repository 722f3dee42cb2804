/**
 * `npm run bundle`: what `action.yml` runs, in files without dependencies. `dist/` is made before `uses: ./action`, and is
 * committed to release tags only.
 */
import { cp, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { run } from './src/command.ts';
import { parseOptions } from './src/options.ts';

const USAGE = `Usage: npm run bundle

  Makes action/dist/, which is all that action.yml runs.`;

/** The stacks are synthesized in a process of their own, with the CDK that nothing else may have in it. */
const ENTRIES = ['action/src/main.ts', 'action/src/post.ts', 'stacks/synth.ts'];
/** In k6's runtime, not Node's; the sources find it beside themselves, and so does the bundle. */
const K6_SCRIPT = 'action/src/load/scenario.js';

/** What the processes of Node functions run on; the local cloud finds it beside itself. */
const NODE_RUNTIME = 'action/src/cloud/local/node';

/** Some dependencies are CommonJS and require Node's own modules, which an ES module can do so only. */
const BANNER =
  "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);";

/** @param out folder for the bundle; made new */
export async function bundle(root: string, out: string): Promise<Metafile> {
  await rm(out, { recursive: true, force: true });
  const shared = { absWorkingDir: root, bundle: true, format: 'esm', logLevel: 'warning' } as const;
  const [{ metafile }] = await Promise.all([
    build({
      ...shared,
      entryPoints: Object.fromEntries(ENTRIES.map((entry) => [parse(entry).name, entry])),
      outdir: out,
      outExtension: { '.js': '.mjs' },
      platform: 'node',
      // The oldest Node that runs from source; an action's is 24.
      target: 'node20.20',
      // What an entry loads at need is a file of its own; in the same folder, for `import.meta.url`.
      splitting: true,
      chunkNames: '[name]-[hash]',
      banner: { js: BANNER },
      minify: true,
      keepNames: true,
      legalComments: 'none',
      metafile: true,
    }),
    build({ ...shared, entryPoints: [K6_SCRIPT], outdir: out, external: ['k6', 'k6/*'], target: 'es2022' }),
    cp(join(root, NODE_RUNTIME), join(out, 'node'), {
      recursive: true,
      filter: (path) => !path.endsWith('.test.ts'),
    }),
  ]);
  return metafile;
}

export function main(argv: readonly string[], { root }: { root: string }): Promise<number> {
  return run(async () => {
    parseOptions(argv, { options: {} }, USAGE);
    const { outputs } = await bundle(root, join(root, 'action', 'dist'));
    for (const [path, { bytes }] of Object.entries(outputs))
      process.stderr.write(`${path}  ${(bytes / 1e6).toFixed(2)} MB\n`);
    return 0;
  });
}

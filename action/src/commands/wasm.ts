import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { run } from '../command.ts';
import { BuildError } from '../errors.ts';
import { parseOptions } from '../options.ts';
import { type Progress, stderrProgress } from '../progress.ts';
import { writeWhole } from '../publish/files.ts';
import { ensureTools } from '../tools/tools.ts';

/** Below the root of the repository. */
const FOLDER = 'action/src/load/lines';
const SOURCE = `${FOLDER}/assembly/scan.ts`;
export const COMPILED = `${FOLDER}/scan.wasm.ts`;

const USAGE = `Usage: npm run wasm

  Compiles ${SOURCE} into ${COMPILED}.`;

/** Without a runtime: it allocates nothing, and what it works on is the caller's memory. */
const OPTIONS = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--noExportMemory'],
  ...['--enable', 'simd'],
];

interface Place {
  readonly root: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** The module that holds the compiled scanner as text, so that it needs no file beside it wherever it is bundled. */
export async function compiled({ root, progress, signal }: Place): Promise<string> {
  const { assemblyscript } = await ensureTools(['assemblyscript'], {
    ...{ cacheDir: join(root, '.cache'), progress },
    ...(signal && { signal }),
  });
  const folder = await mkdtemp(join(tmpdir(), 'lambda-duel-wasm-'));
  try {
    const out = join(folder, 'scan.wasm');
    const { failed, stderr } = await execa(
      assemblyscript,
      [join(root, SOURCE), '--outFile', out, ...OPTIONS],
      {
        ...{ cwd: root, reject: false },
        ...(signal && { cancelSignal: signal }),
      },
    );
    signal?.throwIfAborted();
    if (failed) throw new BuildError(`${SOURCE} could not be compiled:\n${stderr}`, 'Mend what asc names.');
    const text = (await readFile(out)).toString('base64');
    return `// Made of ${SOURCE} by npm run wasm.\n${declaration(text)}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const LINE_WIDTH = 100;

function declaration(base64: string): string {
  const lines = base64.match(new RegExp(`.{1,${LINE_WIDTH}}`, 'g'))!.map((line) => `  '${line}',`);
  return `export const SCAN = [\n${lines.join('\n')}\n].join('');\n`;
}

/** The entry of `npm run wasm`: compiles the scanner of lines anew. Resolves to the exit code. */
export function main(argv: readonly string[], { root }: { root: string }): Promise<number> {
  return run(async (signal) => {
    parseOptions(argv, { options: {} }, USAGE);
    const text = await compiled({ root, progress: stderrProgress(), signal });
    await writeWhole(root, COMPILED, text);
    return 0;
  });
}

import { execa } from 'execa';
import { ToolError } from '../errors.ts';

/** A compiler or interpreter that a person has to install. */
export interface Toolchain {
  readonly name: string;
  readonly argv: readonly string[];
  readonly minimum: readonly [number, number];
  readonly get: string;
}

export const toolchains: Readonly<Record<string, Toolchain>> = {
  node: { name: 'Node', argv: ['node', '--version'], minimum: [20, 20], get: 'https://nodejs.org' },
  python: {
    name: 'Python',
    argv: ['python3', '--version'],
    minimum: [3, 11],
    get: 'https://www.python.org/downloads (with venv: `apt install python3-venv` on Debian)',
  },
  // dynoxide-rs 3.2.0 needs 1.88 (its Cargo.toml).
  cargo: { name: 'Rust', argv: ['cargo', '--version'], minimum: [1, 94], get: 'https://rustup.rs' },
  // Since 1.21 Go fetches the newer toolchain a module asks for (k6 1.8.1: go 1.25).
  go: { name: 'Go', argv: ['go', 'version'], minimum: [1, 21], get: 'https://go.dev/dl' },
};

/** @throws ToolError that lists all that are missing or too old, and how to get each */
export async function requireToolchains(names: Iterable<string>): Promise<void> {
  const needed = [...new Set(names)].map((name) => toolchains[name] as Toolchain);
  const faults = (await Promise.all(needed.map(fault))).filter((text) => text !== null);
  if (faults.length === 0) return;
  throw new ToolError(
    `${faults.length === 1 ? 'A toolchain is' : `${faults.length} toolchains are`} missing or too old:\n${faults.join('\n')}`,
    'Install what is listed, make sure it is on PATH, and run again.',
  );
}

async function fault(toolchain: Toolchain): Promise<string | null> {
  const { name, argv, minimum, get } = toolchain;
  const result = await execa(argv[0] as string, argv.slice(1), { reject: false });
  const wanted = `  ${name} >= ${minimum.join('.')}`;
  if (result.exitCode !== 0) return `${wanted}: \`${argv.join(' ')}\` did not run; get it at ${get}`;
  const found = /(\d+)\.(\d+)/.exec(result.stdout);
  if (found === null) return `${wanted}: \`${argv.join(' ')}\` said no version; get it at ${get}`;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  const enough = major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
  return enough ? null : `${wanted}: found ${major}.${minor}; get a newer one at ${get}`;
}

import { execa } from 'execa';
import { ToolError } from '../errors.ts';

/** A compiler or interpreter that a person has to install. */
export interface Toolchain {
  readonly name: string;
  /** Says its version, the first two numbers of what it prints. */
  readonly argv: readonly string[];
  readonly minimum: readonly [number, number];
  readonly get: string;
}

export const toolchains: Readonly<Record<string, Toolchain>> = {
  npm: {
    name: 'npm',
    argv: ['npm', '--version'],
    minimum: [9, 0],
    get: 'https://nodejs.org (it comes with Node)',
  },
  node: { name: 'Node', argv: ['node', '--version'], minimum: [20, 20], get: 'https://nodejs.org' },
  python: {
    name: 'Python',
    argv: ['python3', '--version'],
    minimum: [3, 11],
    get: 'https://www.python.org/downloads',
  },
  // Debian and Ubuntu ship Python without them.
  pip: {
    name: 'pip and venv',
    argv: ['python3', '-c', 'import ensurepip, pip, venv; print(pip.__version__)'],
    // The first that knows Python 3.11.
    minimum: [22, 3],
    get: '`apt install python3-pip python3-venv` on Debian and Ubuntu, else with Python',
  },
  // As rust/Cargo.toml asks (the AWS SDK: 1.94.1, and two numbers are compared); dynoxide-rs 3.2.0 needs 1.88 (its Cargo.toml).
  cargo: { name: 'Rust', argv: ['cargo', '--version'], minimum: [1, 95], get: 'https://rustup.rs' },
  // Rust links its build scripts with it, and dynoxide compiles SQLite.
  cc: {
    name: 'C compiler',
    argv: ['cc', '--version'],
    minimum: [4, 8],
    get: '`apt install build-essential` on Debian and Ubuntu, `xcode-select --install` on macOS',
  },
  // Since 1.21 Go fetches the newer toolchain a module asks for (k6 1.8.1: go 1.25).
  go: { name: 'Go', argv: ['go', 'version'], minimum: [1, 21], get: 'https://go.dev/dl' },
};

/** What a toolchain said of itself. */
export interface Inspection {
  readonly toolchain: Toolchain;
  /** e.g. `3.11`; null when it did not run or said none. */
  readonly version: string | null;
  /** What is wrong with it, e.g. `found 3.9`; null when it is new enough. */
  readonly fault: string | null;
}

export async function inspect(toolchain: Toolchain): Promise<Inspection> {
  const { argv, minimum } = toolchain;
  const command = `\`${argv.slice(0, 2).join(' ')}\``;
  const result = await execa(argv[0] as string, argv.slice(1), { reject: false });
  if (result.exitCode !== 0) return { toolchain, version: null, fault: `${command} did not run` };
  const found = /(\d+)\.(\d+)/.exec(result.stdout);
  if (found === null) return { toolchain, version: null, fault: `${command} said no version` };
  const [major, minor] = [Number(found[1]), Number(found[2])];
  const enough = major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
  return { toolchain, version: found[0], fault: enough ? null : `found ${found[0]}` };
}

/** @throws ToolError that lists all that are missing or too old, and how to get each */
export async function requireToolchains(names: Iterable<string>): Promise<void> {
  const needed = [...new Set(names)].map((name) => toolchains[name] as Toolchain);
  const inspections = await Promise.all(needed.map(inspect));
  const faults = inspections.flatMap(({ toolchain: { name, minimum, get }, fault }) =>
    fault === null ? [] : [`  ${name} >= ${minimum.join('.')}: ${fault}; get it at ${get}`],
  );
  if (faults.length === 0) return;
  throw new ToolError(
    `${faults.length === 1 ? 'A toolchain is' : `${faults.length} toolchains are`} missing or too old:\n${faults.join('\n')}`,
    'Install what is listed, make sure it is on PATH, and run again.',
  );
}

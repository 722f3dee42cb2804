import { dirname, join } from 'node:path';
import type { Command, Tool } from './tool.ts';

/** The pinned versions. */
export const toolVersions = {
  k6: '1.8.1',
  gofakes3: '1.2.0',
  dynoxide: '3.2.0',
  'cargo-lambda': '1.9.2',
  maturin: '1.16.0',
  awslambdaric: '4.2.2',
  'aws-lambda-ric': '3.3.0',
  esbuild: '0.28.2',
  // What tests, benchmarks and `npm run wasm` need only.
  assemblyscript: '0.28.20',
  ministack: '1.5.33',
  'cfn-lint': '1.58.0',
} as const;

export type ToolName = keyof typeof toolVersions;

export const catalogue: Readonly<Record<ToolName, Tool>> = {
  k6: {
    ...goTool('k6', toolVersions.k6, 'go.k6.io/k6'),
    takes: 'about 80 s',
    verify: (binary) => [binary, 'version'],
    expect: `k6 v${toolVersions.k6} `,
  },
  gofakes3: {
    ...goTool('gofakes3', toolVersions.gofakes3, 'github.com/johannesboyne/gofakes3/cmd/gofakes3'),
    takes: 'about 15 s',
    // It has no version flag.
    verify: (binary) => ['go', 'version', '-m', binary],
    expect: `mod\tgithub.com/johannesboyne/gofakes3\tv${toolVersions.gofakes3}\t`,
  },
  dynoxide: {
    name: 'dynoxide',
    version: toolVersions.dynoxide,
    toolchains: ['cargo', 'cc'],
    command: 'dynoxide',
    binary: 'bin/dynoxide',
    takes: 'about 140 s',
    install: (folder) => cargoInstall('dynoxide-rs', toolVersions.dynoxide, folder),
    verify: (binary) => [binary, '--version'],
    // The crate dynoxide-rs 3.2.0 is the product's version 1.5.0 (its src/lib.rs, PRODUCT_VERSION).
    expect: 'dynoxide 1.5.0',
  },
  'cargo-lambda': {
    ...pythonTool('cargo-lambda', toolVersions['cargo-lambda'], ['ziglang==0.17.1']),
    command: 'cargo-lambda',
    binary: 'bin/cargo-lambda',
    toolchains: ['python', 'pip', 'cargo', 'cc'],
    verify: (binary) => [binary, 'lambda', '--version'],
    expect: `cargo-lambda ${toolVersions['cargo-lambda']} `,
  },
  maturin: {
    ...pythonTool('maturin', toolVersions.maturin),
    command: 'maturin',
    binary: 'bin/maturin',
    toolchains: ['python', 'pip', 'cargo', 'cc'],
    verify: (binary) => [binary, '--version'],
    expect: `maturin ${toolVersions.maturin}`,
  },
  awslambdaric: {
    ...pythonTool('awslambdaric', toolVersions.awslambdaric, [
      'simplejson==4.3.0',
      'snapshot-restore-py==1.0.0',
    ]),
    binary: 'bin/python',
    verify: (binary) => [
      binary,
      '-c',
      'import awslambdaric, runtime_client; print(awslambdaric.__version__)',
    ],
    expect: toolVersions.awslambdaric,
  },
  // Installed without its native part, which needs autotools and cmake to build (`cloud/local/node/`).
  'aws-lambda-ric': {
    ...npmTool('aws-lambda-ric'),
    command: null,
    binary: 'node_modules/aws-lambda-ric/dist/index.mjs',
    verify: (binary) => [
      'node',
      '-p',
      `require(${JSON.stringify(join(binary, '../../package.json'))}).version`,
    ],
    expect: toolVersions['aws-lambda-ric'],
  },
  esbuild: {
    ...npmTool('esbuild'),
    command: 'esbuild',
    binary: 'node_modules/.bin/esbuild',
    verify: (binary) => [binary, '--version'],
    expect: toolVersions.esbuild,
  },
  assemblyscript: {
    ...npmTool('assemblyscript'),
    command: 'asc',
    binary: 'node_modules/.bin/asc',
    verify: (binary) => [binary, '--version'],
    expect: `Version ${toolVersions.assemblyscript}`,
  },
  ministack: pythonPackage('ministack'),
  'cfn-lint': pythonPackage('cfn-lint'),
};

function npmTool(name: 'aws-lambda-ric' | 'esbuild' | 'assemblyscript') {
  const version = toolVersions[name];
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  return {
    name,
    version,
    toolchains: ['node', 'npm'],
    takes: 'a few seconds',
    install: (folder: string) => [
      { argv: ['npm', 'install', '--prefix', folder, ...options, `${name}@${version}`] },
    ],
  };
}

/** Run as a module of its environment's interpreter. */
function pythonPackage(name: 'ministack' | 'cfn-lint'): Tool {
  return {
    ...pythonTool(name, toolVersions[name]),
    binary: 'bin/python',
    verify: (binary) => [binary, '-c', `import importlib.metadata as m; print(m.version("${name}"))`],
    expect: toolVersions[name],
  };
}

/** A program that Go builds from its module, `module@v<version>`. */
export function goTool(name: string, version: string, module: string) {
  return {
    name,
    version,
    toolchains: ['go'],
    command: name,
    binary: name,
    install: (folder: string): Command[] => [
      { argv: ['go', 'install', `${module}@v${version}`], env: { GOBIN: folder }, background: true },
    ],
  };
}

function cargoInstall(crate: string, version: string, folder: string): Command[] {
  const features = ['--no-default-features', '--features', 'native-sqlite,http-server,cli'];
  // Beside the folder, so that what was compiled before an interruption is not compiled again.
  const target = join(dirname(folder), `${crate}-${version}.target`);
  return [
    {
      argv: ['cargo', 'install', `${crate}@${version}`, ...features, '--locked', '--root', folder],
      env: { CARGO_TARGET_DIR: target, CARGO_TERM_COLOR: 'never' },
      background: true,
    },
    { argv: ['rm', '-rf', target] },
  ];
}

/**
 * A virtual environment with one package; it can be moved, since nothing in it is called by its scripts' shebangs.
 *
 * @param others what it depends on, pinned where that decides about what we measure
 */
export function pythonTool(name: string, version: string, others: readonly string[] = []) {
  return {
    name,
    version,
    toolchains: ['python', 'pip'],
    command: null,
    takes: 'about 15 s',
    install: (folder: string) => [
      { argv: ['python3', '-m', 'venv', folder] },
      {
        argv: [
          join(folder, 'bin/python'),
          '-m',
          'pip',
          'install',
          '--disable-pip-version-check',
          `${name}==${version}`,
          ...others,
        ],
      },
    ],
  };
}

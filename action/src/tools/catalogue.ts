import { join } from 'node:path';
import type { Tool } from './tool.ts';

/** The pinned versions. */
export const toolVersions = {
  k6: '1.8.1',
  gofakes3: '1.2.0',
  dynoxide: '3.2.0',
  'cargo-lambda': '1.9.2',
  awslambdaric: '4.2.2',
  // What tests and benchmarks need only.
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
    toolchains: ['cargo'],
    command: 'dynoxide',
    binary: 'bin/dynoxide',
    takes: 'about 140 s',
    install: (folder) => [{ argv: cargoInstall('dynoxide-rs', toolVersions.dynoxide, folder) }],
    verify: (binary) => [binary, '--version'],
    // The crate dynoxide-rs 3.2.0 is the product's version 1.5.0 (its src/lib.rs, PRODUCT_VERSION).
    expect: 'dynoxide 1.5.0',
  },
  'cargo-lambda': {
    ...pythonTool('cargo-lambda', toolVersions['cargo-lambda']),
    command: 'cargo-lambda',
    binary: 'bin/cargo-lambda',
    toolchains: ['python', 'cargo'],
    verify: (binary) => [binary, 'lambda', '--version'],
    expect: `cargo-lambda ${toolVersions['cargo-lambda']} `,
  },
  awslambdaric: {
    ...pythonTool('awslambdaric', toolVersions.awslambdaric),
    binary: 'bin/python',
    verify: (binary) => [
      binary,
      '-c',
      'import awslambdaric, runtime_client; print(awslambdaric.__version__)',
    ],
    expect: toolVersions.awslambdaric,
  },
  ministack: pythonPackage('ministack'),
  'cfn-lint': pythonPackage('cfn-lint'),
};

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
    install: (folder: string) => [
      { argv: ['go', 'install', `${module}@v${version}`], env: { GOBIN: folder } },
    ],
  };
}

function cargoInstall(crate: string, version: string, folder: string): string[] {
  const features = ['--no-default-features', '--features', 'native-sqlite,http-server,cli'];
  return ['cargo', 'install', `${crate}@${version}`, ...features, '--locked', '--root', folder];
}

/** A virtual environment with one package; it can be moved, since nothing in it is called by its scripts' shebangs. */
export function pythonTool(name: string, version: string) {
  return {
    name,
    version,
    toolchains: ['python'],
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
        ],
      },
    ],
  };
}

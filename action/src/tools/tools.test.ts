import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InterruptedError, ToolError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { catalogue } from './catalogue.ts';
import type { Tool } from './tool.ts';
import { requireToolchains } from './toolchains.ts';
import { ensure, ensureTools, toolsFor } from './tools.ts';

const path = process.env.PATH as string;
let cacheDir: string;
let lines: string[];
const progress: Progress = { line: (scope, message) => lines.push(`${scope}: ${message}`) };

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'lambda-duel-test-'));
  lines = [];
});
afterEach(async () => {
  process.env.PATH = path;
  await rm(cacheDir, { recursive: true, force: true });
});

/** A tool whose installation is a shell script; `$1` is the folder. */
function scripted(script: string): Tool {
  return {
    name: 'greeter',
    version: '1.0.0',
    toolchains: [],
    command: null,
    binary: 'bin/greeter',
    install: (folder) => [{ argv: ['/bin/sh', '-c', script, 'sh', folder] }],
    verify: (binary) => [binary],
    expect: 'greeter 1.0.0',
    takes: 'a moment',
  };
}

const whole =
  'mkdir -p "$1/bin"; printf "#!/bin/sh\\necho greeter 1.0.0" > "$1/bin/greeter"; chmod +x "$1/bin/greeter"';
const options = () => ({ cacheDir, progress });
const kept = () => readdir(join(cacheDir, 'tools'));

async function program(file: string, says: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho '${says}'`);
  await chmod(file, 0o755);
}

describe('a tool', () => {
  it('is installed once', async () => {
    const first = await ensure([scripted(whole)], options());
    expect(first).toEqual([['greeter', join(cacheDir, 'tools/greeter-1.0.0/bin/greeter')]]);
    expect(lines).toHaveLength(2);
    expect(await ensure([scripted('exit 1')], options())).toEqual(first);
    expect(lines).toHaveLength(2);
  });

  it('is taken from PATH when it has the pinned version there', async () => {
    await program(join(cacheDir, 'own/greeter'), 'greeter 1.0.0');
    process.env.PATH = `${join(cacheDir, 'own')}:${path}`;
    const tool = { ...scripted('exit 1'), command: 'greeter' };
    expect(await ensure([tool], options())).toEqual([['greeter', join(cacheDir, 'own/greeter')]]);
  });

  it('of another version on PATH is not taken', async () => {
    await program(join(cacheDir, 'own/greeter'), 'greeter 0.9.0');
    process.env.PATH = `${join(cacheDir, 'own')}:${path}`;
    const [found] = await ensure([{ ...scripted(whole), command: 'greeter' }], options());
    expect(found?.[1]).toContain('greeter-1.0.0');
  });

  it('that is half there is installed again', async () => {
    const binary = join(cacheDir, 'tools/greeter-1.0.0/bin/greeter');
    await mkdir(dirname(binary), { recursive: true });
    await writeFile(binary, ''); // neither executable nor whole
    await ensure([scripted(whole)], options());
    expect(lines).toHaveLength(2);
  });

  it('that can not be installed is an error with the last words of its package manager, and leaves nothing', async () => {
    const broken = scripted('mkdir -p "$1/bin"; touch "$1/bin/greeter"; echo "registry on fire" >&2; exit 4');
    await expect(ensure([broken], options())).rejects.toThrow(ToolError);
    await expect(ensure([broken], options())).rejects.toThrow(
      /greeter 1.0.0 could not be installed: .*\nregistry on fire/,
    );
    expect(await kept()).toEqual([]);
  });

  it('that does not show its version after installation is an error, and leaves nothing', async () => {
    const wrong = scripted(whole.replace('1.0.0', '1.0.1'));
    await expect(ensure([wrong], options())).rejects.toThrow(/does not say `greeter 1.0.0`/);
    expect(await kept()).toEqual([]);
  });

  it('whose version does not exist is an error in the package manager’s words', async () => {
    const install = (folder: string) => [
      { argv: ['go', 'install', 'go.k6.io/k6@v1.999.0'], env: { GOBIN: folder } },
    ];
    const future: Tool = { ...catalogue.k6, version: '1.999.0', command: null, install };
    await expect(ensure([future], options())).rejects.toThrow(
      /k6 1\.999\.0 could not be installed: .*go\.k6\.io\/k6@v1\.999\.0/s,
    );
    expect(await kept()).toEqual([]);
  });

  it('is given up when interrupted, with the processes that install it', async () => {
    const controller = new AbortController();
    const slow = scripted('mkdir -p "$1"; sleep 60 & echo $! > "$1.pid"; wait');
    const pending = ensure([slow], { ...options(), signal: controller.signal });
    const file = join(cacheDir, `tools/greeter-1.0.0.${process.pid}.partial.pid`);
    await expect.poll(() => existsSync(file)).toBe(true);
    controller.abort(new InterruptedError('Stopped.', 'Start again.'));
    await expect(pending).rejects.toThrow(InterruptedError);
    expect(await kept()).toEqual([`greeter-1.0.0.${process.pid}.partial.pid`]);
  });
});

describe('toolchains', () => {
  it('that are missing are listed all at once, each with the way to get it', async () => {
    process.env.PATH = join(cacheDir, 'nothing');
    const attempt = requireToolchains(['node', 'python', 'cargo', 'go']);
    await expect(attempt).rejects.toThrow(ToolError);
    await expect(attempt).rejects.toThrow(
      /4 toolchains .*Node >= 20\.20.*nodejs\.org.*Python >= 3\.11.*python\.org.*Rust >= 1\.94.*rustup\.rs.*Go >= 1\.21.*go\.dev/s,
    );
  });

  it('that are too old are listed with what was found', async () => {
    await program(join(cacheDir, 'old/python3'), 'Python 3.9.2');
    process.env.PATH = `${join(cacheDir, 'old')}:${path}`;
    await expect(requireToolchains(['node', 'python'])).rejects.toThrow(/Python >= 3\.11: found 3\.9/);
  });

  it('are checked before anything is installed', async () => {
    process.env.PATH = join(cacheDir, 'nothing');
    await expect(ensureTools(['k6', 'dynoxide'], options())).rejects.toThrow(/Go >= /);
    expect(lines).toEqual([]);
  });
});

it('a run needs the tools of its variants only', () => {
  const rust = { build: 'cargo-lambda', runtime: 'provided.al2023' };
  const python = { build: 'python', runtime: 'python3.13' };
  const needed = (variants: object[]) => toolsFor({ variants } as never);
  expect(needed([rust])).toEqual(['k6', 'gofakes3', 'dynoxide', 'cargo-lambda']);
  expect(needed([python])).toEqual(['k6', 'gofakes3', 'dynoxide', 'awslambdaric']);
  const pyo3 = { build: 'maturin', runtime: 'python3.13' };
  expect(needed([pyo3])).toEqual(['k6', 'gofakes3', 'dynoxide', 'cargo-lambda', 'maturin', 'awslambdaric']);
  const node = { build: 'node', runtime: 'nodejs22.x' };
  expect(needed([node])).toEqual(['k6', 'gofakes3', 'dynoxide', 'esbuild', 'aws-lambda-ric']);
});

import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InterruptedError, ToolError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { catalogue } from './catalogue.ts';
import { startInstalling } from './installation.ts';
import type { Tool } from './tool.ts';
import { requireToolchains, toolchains } from './toolchains.ts';
import { ensure, ensureTools, toolsFor } from './tools.ts';

const path = process.env.PATH as string;
const REAL_CACHE = resolve(import.meta.dirname, '../../../.cache');
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
const options = () => ({ cacheDir, progress, retryAfterMs: 1 });
const kept = () => readdir(join(cacheDir, 'tools'));

async function program(file: string, says: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho '${says}'`);
  await chmod(file, 0o755);
}

describe('a tool', () => {
  it('is installed once', async () => {
    const first = await ensure([scripted(whole)], options());
    expect(first).toEqual({ greeter: join(cacheDir, 'tools/greeter-1.0.0/bin/greeter') });
    expect(lines).toHaveLength(2);
    expect(await ensure([scripted('exit 1')], options())).toEqual(first);
    expect(lines).toHaveLength(2);
  });

  it('is taken from PATH when it has the pinned version there', async () => {
    await program(join(cacheDir, 'own/greeter'), 'greeter 1.0.0');
    process.env.PATH = `${join(cacheDir, 'own')}:${path}`;
    const tool = { ...scripted('exit 1'), command: 'greeter' };
    expect(await ensure([tool], options())).toEqual({ greeter: join(cacheDir, 'own/greeter') });
  });

  it('that is there already needs no network', async () => {
    const proxies = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'https_proxy', 'http_proxy'];
    for (const name of proxies) vi.stubEnv(name, 'http://127.0.0.1:9');
    const names = ['k6', 'gofakes3', 'dynoxide', 'cargo-lambda', 'maturin', 'awslambdaric'] as const;
    const there = await ensureTools(names, { cacheDir: REAL_CACHE, progress });
    vi.unstubAllEnvs();
    expect(Object.keys(there)).toEqual([...names]);
    expect(lines).toEqual([]);
  });

  it('of another version on PATH is not taken', async () => {
    await program(join(cacheDir, 'own/greeter'), 'greeter 0.9.0');
    process.env.PATH = `${join(cacheDir, 'own')}:${path}`;
    const { greeter } = await ensure([{ ...scripted(whole), command: 'greeter' }], options());
    expect(greeter).toContain('greeter-1.0.0');
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

  it('that the network failed is tried again, and goes on with what it has', async () => {
    const flaky = scripted(
      `echo attempt >> "$1.attempts"; [ "$(wc -l < "$1.attempts")" -gt 2 ] || { echo "dial tcp: connection refused" >&2; exit 1; }; ${whole}`,
    );
    await ensure([flaky], options());
    expect(lines.slice(1, 3)).toEqual(Array(2).fill('tools: greeter: the network failed; trying again'));
    const [attempts = ''] = (await kept()).filter((name) => name.endsWith('attempts'));
    expect(await readFile(join(cacheDir, 'tools', attempts), 'utf8')).toBe('attempt\n'.repeat(3));
  });

  it('that something else failed is not tried again', async () => {
    const broken = scripted('echo attempt >> "$1.attempts"; echo "error: type mismatch" >&2; exit 1');
    await expect(ensure([broken], options())).rejects.toThrow(/type mismatch/);
    const [attempts = ''] = await kept();
    expect(await readFile(join(cacheDir, 'tools', attempts), 'utf8')).toBe('attempt\n');
  });

  it('that is installed removes what a killed installation left, and not what another has under way', async () => {
    const partial = (pid: number) => `greeter-1.0.0.${pid}.partial`;
    const ended = execa('true');
    await ended;
    await mkdir(join(cacheDir, 'tools', partial(ended.pid as number)), { recursive: true });
    await mkdir(join(cacheDir, 'tools', partial(process.ppid)));
    await ensure([scripted(whole)], options());
    expect((await kept()).sort()).toEqual(['greeter-1.0.0', partial(process.ppid)]);
  });
});

describe('tools on their way', () => {
  const slow = (): Tool => ({ ...scripted('mkdir -p "$1"; sleep 60'), name: 'slow' });

  it('can be had one by one', async () => {
    await using installation = await startInstalling([slow(), scripted(whole)], options());
    const greeter = join(cacheDir, 'tools/greeter-1.0.0/bin/greeter');
    expect(await installation.ready(['greeter'])).toEqual({ greeter });
    expect(await installation.path('greeter')).toBe(greeter);
    expect(installation.signal.aborted).toBe(false);
  });

  it('end when nobody needs them any more, and leave nothing', async () => {
    {
      await using _installation = await startInstalling([slow()], options());
      await expect.poll(kept).toHaveLength(1);
    }
    expect(await kept()).toEqual([]);
  });

  it('end all when one cannot be installed, and so does what waits for their signal', async () => {
    await using installation = await startInstalling([slow(), scripted('exit 4')], options());
    await expect(installation.ready()).rejects.toThrow(/greeter 1\.0\.0 could not be installed/);
    expect(installation.signal.reason).toBeInstanceOf(ToolError);
  });
});

describe('toolchains', () => {
  it('ask for the Rust that our own crates ask for', async () => {
    const manifest = await readFile(resolve(REAL_CACHE, '../rust/Cargo.toml'), 'utf8');
    const [, major, minor] = /^rust-version = "(\d+)\.(\d+)/m.exec(manifest) ?? [];
    expect(toolchains.cargo?.minimum).toEqual([Number(major), Number(minor)]);
  });

  it('that are missing are listed all at once, each with the way to get it', async () => {
    process.env.PATH = join(cacheDir, 'nothing');
    const attempt = requireToolchains(['node', 'python', 'cargo', 'go']);
    await expect(attempt).rejects.toThrow(ToolError);
    await expect(attempt).rejects.toThrow(
      /4 toolchains .*Node >= 20\.20.*nodejs\.org.*Python >= 3\.11.*python\.org.*Rust >= 1\.95.*rustup\.rs.*Go >= 1\.21.*go\.dev/s,
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
  const needed = (variants: object[]) => toolsFor({ variants } as never, 'local');
  expect(needed([rust])).toEqual(['k6', 'gofakes3', 'dynoxide', 'cargo-lambda']);
  expect(needed([python])).toEqual(['k6', 'gofakes3', 'dynoxide', 'awslambdaric']);
  const pyo3 = { build: 'maturin', runtime: 'python3.13' };
  expect(needed([pyo3])).toEqual(['k6', 'gofakes3', 'dynoxide', 'cargo-lambda', 'maturin', 'awslambdaric']);
  const node = { build: 'node', runtime: 'nodejs22.x' };
  expect(needed([node])).toEqual(['k6', 'gofakes3', 'dynoxide', 'esbuild', 'aws-lambda-ric']);
});

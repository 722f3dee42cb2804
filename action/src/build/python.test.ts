import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { BuildError, ConfigError } from '../errors.ts';
import { unzip, zipDeterministically } from './deterministic-zip.ts';
import { workshop } from './fixture.ts';
import { awsLambda } from './platform.ts';

const HANDLER = 'import six\ndef handler(event, context): return {}\n';

/** A wheel of empty files, version 1.0. */
function wheel(name: string, paths: readonly string[]): Uint8Array {
  const info = `${name}-1.0.dist-info`;
  const notes = {
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: '',
  };
  const files = { ...Object.fromEntries(paths.map((path) => [path, ''])), ...notes };
  return zipDeterministically(
    Object.entries(files).map(([path, text]) => ({ path, data: Buffer.from(text), executable: false })),
  );
}

describe('a Python package', () => {
  it('has the source and its requirements, without tests, scripts, bytecode and pip notes', async () => {
    await using shop = await workshop();
    await shop.write({
      'one/handler.py': HANDLER,
      'one/data/words.txt': 'a b',
      'one/requirements.txt': 'six==1.17.0\n',
      'one/requirements-test.txt': 'pytest\n',
      'one/test_handler.py': '',
      'one/conftest.py': '',
      'one/__pycache__/handler.cpython-311.pyc': '',
      'one/.venv/lib.py': '',
    });
    const [artifact] = await shop.build([shop.variant('one')]);
    const names = Object.keys(unzip(await readFile(artifact!.path)));
    expect(names).toEqual(expect.arrayContaining(['data/words.txt', 'handler.py', 'six.py']));
    expect(names.filter((name) => !name.includes('dist-info'))).toHaveLength(3);
    expect(names.filter((name) => /RECORD|INSTALLER|REQUESTED/.test(name))).toEqual([]);
    expect(artifact!.tools).toMatchObject({ six: '1.17.0', pip: expect.stringMatching(/^\d/) });
  });

  it('has the same bytes when built twice from nothing', async () => {
    await using first = await workshop();
    await using second = await workshop();
    for (const shop of [first, second]) {
      await shop.write({ 'one/handler.py': HANDLER, 'one/requirements.txt': 'six==1.17.0\n' });
    }
    const [a] = await first.build([first.variant('one')]);
    const [b] = await second.build([second.variant('one')]);
    expect(a!.reused || b!.reused).toBe(false);
    expect(a!.sha256).toBe(b!.sha256);
  });

  it('is built again without a network when only its source changed', async () => {
    await using shop = await workshop();
    await shop.write({ 'one/handler.py': HANDLER, 'one/requirements.txt': 'six==1.17.0\n' });
    const [first] = await shop.build([shop.variant('one')]);
    const proxies = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'];
    for (const name of proxies) vi.stubEnv(name, 'http://127.0.0.1:9');
    await shop.write({ 'one/handler.py': `# changed\n` });
    const [second] = await shop.build([shop.variant('one')]).finally(() => vi.unstubAllEnvs());
    expect(second!.reused).toBe(false);
    expect(second!.sha256).not.toBe(first!.sha256);
    expect(second!.tools).toEqual(first!.tools);
    expect(shop.lines.filter((line) => line.includes('pip installs'))).toHaveLength(1);
  });

  it('is installed anew when its requirements name other files, whose changes nobody sees', async () => {
    await using shop = await workshop();
    await shop.write({
      'one/handler.py': HANDLER,
      'one/requirements.txt': '-r requirements-base.txt\n',
      'one/requirements-base.txt': 'six==1.16.0\n',
    });
    await shop.build([shop.variant('one')]);
    await shop.write({ 'one/handler.py': `# changed\n`, 'one/requirements-base.txt': 'six==1.17.0\n' });
    const [second] = await shop.build([shop.variant('one')]);
    expect(second!.tools.six).toBe('1.17.0');
  });

  it('has every folder of a dependency, whatever its name, but no bytecode', async () => {
    await using shop = await workshop();
    const folders = ['target', 'node_modules/x', '.libs', '__pycache__'].map((name) => `own/${name}/file`);
    await shop.write({
      'one/handler.py': HANDLER,
      'one/requirements.txt': 'vendor/own-1.0-py3-none-any.whl\n',
      'one/vendor/own-1.0-py3-none-any.whl': wheel('own', ['own/__init__.py', ...folders]),
      'one/target/left-out.py': '',
    });
    const [artifact] = await shop.build([shop.variant('one')]);
    const names = Object.keys(unzip(await readFile(artifact!.path)));
    expect(names.filter((name) => !name.startsWith('own-1.0.dist-info/'))).toEqual([
      ...['handler.py', 'own/.libs/file', 'own/__init__.py', 'own/node_modules/x/file', 'own/target/file'],
      'vendor/own-1.0-py3-none-any.whl',
    ]);
  });

  it('has wheels for the runtime and architecture it is deployed to, not for this machine', async () => {
    await using shop = await workshop();
    await shop.write({ 'one/handler.py': HANDLER, 'one/requirements.txt': 'markupsafe==3.0.2\n' });
    const variant = shop.variant('one', { architecture: 'arm64', runtime: 'python3.13' });
    const [artifact] = await shop.build([variant], { platform: awsLambda });
    const names = Object.keys(unzip(await readFile(artifact!.path)));
    expect(names).toContain('markupsafe/_speedups.cpython-313-aarch64-linux-gnu.so');
    expect(artifact!.flags).toContain('--python-version=3.13');
  });

  it('shows what pip says of a requirement that does not exist', async () => {
    await using shop = await workshop();
    await shop.write({ 'one/handler.py': HANDLER, 'one/requirements.txt': 'six==99.0.0\n' });
    const failure = await shop.build([shop.variant('one')]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BuildError);
    expect((failure as Error).message).toMatch(/No matching distribution found for six==99\.0\.0/);
    expect((failure as BuildError).remedy).toContain('requirements.txt');
  });

  it('needs the file that its handler names', async () => {
    await using shop = await workshop();
    await shop.write({ 'one/handler.py': HANDLER });
    const failure = await shop
      .build([shop.variant('one', { handler: 'app.main.handler' })])
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as Error).message).toContain('app/main.py is not in');
  });

  it('needs a Python runtime on AWS', async () => {
    await using shop = await workshop();
    await shop.write({ 'one/handler.py': HANDLER });
    const variant = shop.variant('one', { runtime: 'provided.al2023' });
    await expect(shop.build([variant], { platform: awsLambda })).rejects.toThrow(
      'its runtime is provided.al2023',
    );
  });
});

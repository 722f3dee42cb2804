import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { unzip } from './deterministic-zip.ts';
import { workshop } from './fixture.ts';
import { awsLambda } from './platform.ts';

const tools = await ensureTools(['cargo-lambda', 'maturin'], {
  cacheDir: resolve(import.meta.dirname, '../../../.cache'),
  progress: silent,
});
const PYO3 = { build: 'maturin', runtime: 'python3.13', handler: 'app.handler' } as const;
const CRATE = {
  'fn/Cargo.toml': `[package]
name = "greeter"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = { version = "=0.29.0", features = ["abi3-py39"] }
`,
  'fn/pyproject.toml': `[build-system]
requires = ["maturin==1.16.0"]
build-backend = "maturin"

[project]
name = "greeter"
version = "0.1.0"
dependencies = ["six==1.17.0"]
`,
  'fn/src/lib.rs': `#[pyo3::pymodule]
mod greeter {
    #[pyo3::pyfunction]
    fn greeting() -> &'static str {
        "good morning"
    }
}
`,
  'fn/app.py':
    'import six\nfrom greeter import greeting\n\ndef handler(event, context):\n    return greeting()\n',
  'fn/test_app.py': '',
};

it('has the module, what its wheel depends on and the handler, and runs', async () => {
  await using shop = await workshop();
  await shop.write(CRATE);
  await execa('cargo', ['generate-lockfile'], { cwd: join(shop.folder, 'fn') });
  const [artifact] = await shop.build([shop.variant('fn', PYO3)], { tools });
  const files = Object.entries(unzip(await readFile(artifact!.path)));
  const names = files.map(([path]) => path).filter((path) => !path.includes('dist-info'));
  expect(names.sort()).toEqual(['app.py', 'greeter/__init__.py', 'greeter/greeter.abi3.so', 'six.py']);
  expect(artifact!.tools).toMatchObject({
    maturin: '1.16.0',
    pyo3: '0.29.0',
    six: '1.17.0',
    greeter: '0.1.0',
  });
  const site = join(shop.folder, 'site');
  for (const [path, data] of files) {
    await mkdir(dirname(join(site, path)), { recursive: true });
    await writeFile(join(site, path), data);
  }
  const script = 'import app; print(app.handler(None, None))';
  expect((await execa('python3', ['-c', script], { cwd: site })).stdout).toBe('good morning');
}, 600_000);

it('needs a Python runtime on AWS', async () => {
  await using shop = await workshop();
  await shop.write(CRATE);
  await execa('cargo', ['generate-lockfile'], { cwd: join(shop.folder, 'fn') });
  const wrong = shop.variant('fn', { ...PYO3, runtime: 'provided.al2023' });
  await expect(shop.build([wrong], { tools, platform: awsLambda })).rejects.toThrow(
    'is built as maturin but its runtime is provided.al2023',
  );
});

it('names a handler without a file', async () => {
  await using shop = await workshop();
  await shop.write(CRATE);
  const failure = shop.build([shop.variant('fn', { ...PYO3, handler: 'main.handler' })], { tools });
  await expect(failure).rejects.toThrow('main.py is not in');
});

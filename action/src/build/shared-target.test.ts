import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import type { Variant } from '../model.ts';
import { silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { workshop } from './fixture.ts';
import { rustTarget } from './zig.ts';

const tools = await ensureTools(['cargo-lambda', 'maturin'], {
  cacheDir: resolve(import.meta.dirname, '../../../.cache'),
  progress: silent,
});
const crate = (name: string, dependencies: string) =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n${dependencies}memchr = "=2.8.3"\n`;

/** A function and a Python module in Rust, with one dependency that both have. */
const WORKSPACE = {
  'Cargo.toml': `[workspace]
members = ["fn", "module"]
resolver = "2"

[profile.release]
lto = "fat"
codegen-units = 1
panic = "abort"
strip = true
`,
  'fn/Cargo.toml': crate('fn', '[dependencies]\n'),
  'fn/src/main.rs': 'fn main() { println!("{:?}", memchr::memchr(b"a"[0], b"banana")); }\n',
  'module/Cargo.toml': crate(
    'module',
    '[lib]\ncrate-type = ["cdylib"]\n\n[dependencies]\npyo3 = { version = "=0.29.0", features = ["abi3-py39"] }\n',
  ),
  'module/pyproject.toml':
    '[build-system]\nrequires = ["maturin==1.16.0"]\nbuild-backend = "maturin"\n\n[project]\nname = "module"\nversion = "0.1.0"\n',
  'module/src/lib.rs': `#[pyo3::pymodule]
mod module {
    #[pyo3::pyfunction]
    fn first(text: &str) -> Option<usize> {
        memchr::memchr(b'a', text.as_bytes())
    }
}
`,
  'module/app.py': 'from module import first\n\ndef handler(event, context):\n    return first("banana")\n',
};

it('a function and a Python module of one workspace compile their common dependencies once', async () => {
  await using shop = await workshop();
  await shop.write(WORKSPACE);
  await execa('cargo', ['generate-lockfile'], { cwd: shop.folder });
  const rust = shop.variant('fn', {
    build: 'cargo-lambda',
    runtime: 'provided.al2023',
    handler: 'bootstrap',
  });
  const module = shop.variant('module', { build: 'maturin', runtime: 'python3.13', handler: 'app.handler' });
  const { triple } = rustTarget(process.arch === 'arm64' ? 'arm64' : 'x86_64');
  const deps = join(shop.cacheDir, 'build/cargo', triple, 'release/deps');
  const compiled = async () => {
    const names = (await readdir(deps)).filter((name) => /^libmemchr-.*\.rlib$/.test(name));
    return Promise.all(names.map(async (name) => `${name} ${(await stat(join(deps, name))).mtimeMs}`));
  };
  const [first] = await shop.build([rust], { tools });
  const once = await compiled();
  expect(once).toHaveLength(1);
  const [extension] = await shop.build([module], { tools });
  expect(await compiled()).toEqual(once);
  await shop.write({ 'fn/src/main.rs': WORKSPACE['fn/src/main.rs'].replace('banana', 'an apple') });
  const [changed] = await shop.build([rust], { tools });
  expect(await compiled()).toEqual(once);
  expect(changed!.sha256).not.toBe(first!.sha256);
  await using other = await workshop();
  await other.write(WORKSPACE);
  await execa('cargo', ['generate-lockfile'], { cwd: other.folder });
  const inOther = (variant: Variant) => ({ ...variant, source: join(other.folder, variant.name) });
  // In the other order.
  const [extensionAgain] = await other.build([inOther(module)], { tools });
  const [again] = await other.build([inOther(rust)], { tools });
  expect(extensionAgain!.sha256).toBe(extension!.sha256);
  expect(again!.sha256).toBe(first!.sha256);
}, 600_000);

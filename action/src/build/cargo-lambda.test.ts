import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BuildError, ConfigError } from '../errors.ts';
import { silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { unzip } from './deterministic-zip.ts';
import { workshop } from './fixture.ts';

const crate = (name: string) => ({
  'Cargo.toml': `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2024"\n`,
  'Cargo.lock': `version = 4\n\n[[package]]\nname = "${name}"\nversion = "0.1.0"\n`,
  'src/main.rs': 'fn main() { println!("hello"); }\n',
});
const below = (folder: string, files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
const rust = { build: 'cargo-lambda', runtime: 'provided.al2023', handler: 'bootstrap' } as const;

let tools: { readonly 'cargo-lambda': string };
beforeAll(async () => {
  const cacheDir = resolve(import.meta.dirname, '../../../.cache');
  tools = await ensureTools(['cargo-lambda'], { cacheDir, progress: silent });
});

describe('a Rust package', () => {
  it('has one executable, the same bytes from another folder and target folder', async () => {
    await using first = await workshop();
    await using second = await workshop();
    await first.write(below('one', crate('hello')));
    await second.write(below('elsewhere/one', crate('hello')));
    const [a] = await first.build([first.variant('one', rust)], { tools });
    const source = join(second.folder, 'elsewhere/one');
    const [b] = await second.build([second.variant('two', { ...rust, source })], { tools });
    expect(a!.sha256).toBe(b!.sha256);
    expect(Object.keys(unzip(await readFile(a!.path)))).toEqual(['bootstrap']);
    expect(a!.tools).toMatchObject({ rustc: expect.stringMatching(/^\d/), 'cargo-lambda': '1.9.2' });
    expect(a!.flags).toContain('--release');
  });

  it('is built again when a crate beside it that it uses changes', async () => {
    await using shop = await workshop();
    const greeting = { ...crate('greeting'), 'src/lib.rs': 'pub const HELLO: &str = "hello";\n' };
    const hello = crate('hello');
    hello['Cargo.toml'] += '\n[dependencies]\ngreeting = { path = "../greeting" }\n';
    hello['Cargo.lock'] += 'dependencies = [\n "greeting",\n]\n';
    hello['Cargo.lock'] += '\n[[package]]\nname = "greeting"\nversion = "0.1.0"\n';
    hello['src/main.rs'] = 'fn main() { println!("{}", greeting::HELLO); }\n';
    await shop.write({ ...below('greeting', greeting), ...below('one', hello) });
    const variants = [shop.variant('one', rust)];
    const [first] = await shop.build(variants, { tools });
    await shop.write({ 'greeting/src/lib.rs': 'pub const HELLO: &str = "good morning";\n' });
    const [second] = await shop.build(variants, { tools });
    expect(second!.reused).toBe(false);
    expect(second!.sha256).not.toBe(first!.sha256);
  });

  it('that does not compile shows what the compiler says, in full', async () => {
    await using shop = await workshop();
    const broken = { ...crate('hello'), 'src/main.rs': 'fn main() { let x: u8 = "text"; }\n' };
    await shop.write(below('one', broken));
    const failure = await shop.build([shop.variant('one', rust)], { tools }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BuildError);
    const { message } = failure as BuildError;
    expect(message).toContain('error[E0308]: mismatched types');
    expect(message).toContain('--> src/main.rs:1:25');
    expect(message).toContain('fn main() { let x: u8 = "text"; }');
  });

  it('needs a lock file, so that the same source gives the same package', async () => {
    await using shop = await workshop();
    const { 'Cargo.lock': _, ...unlocked } = crate('hello');
    await shop.write(below('one', unlocked));
    await expect(shop.build([shop.variant('one', rust)], { tools })).rejects.toThrow(/Cargo\.lock|lock file/);
    expect(existsSync(join(shop.folder, 'one/Cargo.lock'))).toBe(false);
  });

  it('needs a Cargo.toml', async () => {
    await using shop = await workshop();
    await shop.write({ 'one/main.rs': '' });
    const failure = await shop.build([shop.variant('one', rust)], { tools }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as Error).message).toContain('has no Cargo.toml');
  });

  it('of a crate with several binaries needs the name of one as handler', async () => {
    await using shop = await workshop();
    const two = { ...crate('hello'), 'src/bin/other.rs': 'fn main() {}\n' };
    await shop.write(below('one', two));
    await expect(shop.build([shop.variant('one', rust)], { tools })).rejects.toThrow(
      'has the binaries hello, other, and its handler is bootstrap',
    );
    const [artifact] = await shop.build([shop.variant('one', { ...rust, handler: 'other' })], { tools });
    expect(artifact!.flags).toContain('--bin=other');
  });
});

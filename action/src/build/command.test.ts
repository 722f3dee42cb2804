import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { unzip } from './deterministic-zip.ts';
import { workshop } from './fixture.ts';

const ZIP = "python3 -c \"import zipfile; zipfile.ZipFile('out.zip', 'w').write('code.txt')\"";
const commanded = (run: string) => ({ build: 'command', command: { run, package: 'out.zip' } }) as const;

it('takes the zip that the command makes', async () => {
  await using shop = await workshop();
  await shop.write({ 'one/code.txt': '' });
  const run = `printf %s "$LAMBDA_ARCHITECTURE" > code.txt && ${ZIP}`;
  const [artifact] = await shop.build([shop.variant('one', commanded(run))]);
  const files = unzip(await readFile(artifact!.path));
  expect(Buffer.from(files['code.txt']!).toString()).toMatch(/^(x86_64|arm64)$/);
  expect(artifact!.flags).toEqual([run]);
});

it('runs again when a source changed, and not because of the zip it made', async () => {
  await using shop = await workshop();
  await shop.write({ 'one/code.txt': 'one' });
  const variant = shop.variant('one', commanded(ZIP));
  expect((await shop.build([variant]))[0]!.reused).toBe(false);
  expect((await shop.build([variant]))[0]!.reused).toBe(true);
  await shop.write({ 'one/code.txt': 'two' });
  expect((await shop.build([variant]))[0]!.reused).toBe(false);
});

it.each([
  ['exit 3', /failed; it says:/],
  ['echo nothing done', /made no .*out\.zip; it says:\s+nothing done/],
  ['echo rubbish > out.zip', /not a zip that can be used/],
])('reports `%s`', async (run, words) => {
  await using shop = await workshop();
  await shop.write({ 'one/code.txt': '' });
  await expect(shop.build([shop.variant('one', commanded(run))])).rejects.toThrow(words);
});

it('gives the build its variables, lists them with the flags, and builds again when one changes', async () => {
  await using shop = await workshop();
  await shop.write({ 'one/code.txt': '' });
  const run = `printf %s "$LEVEL" > code.txt && ${ZIP}`;
  const built = async (LEVEL: string) => {
    const [artifact] = await shop.build([
      shop.variant('one', { ...commanded(run), buildEnvironment: { LEVEL } }),
    ]);
    const code = unzip(await readFile(artifact!.path))['code.txt']!;
    return { flags: artifact!.flags, reused: artifact!.reused, code: Buffer.from(code).toString() };
  };
  expect(await built('1')).toEqual({ flags: [run, 'LEVEL=1'], reused: false, code: '1' });
  expect(await built('2')).toEqual({ flags: [run, 'LEVEL=2'], reused: false, code: '2' });
});

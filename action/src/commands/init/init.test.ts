import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { listFiles } from '../../build/source-tree.ts';
import { CARGO, GO, NODE, PYTHON, repository } from './fixture.ts';

it('writes a config for a repository with one Python and one Node handler', async () => {
  await using repo = await repository({ 'py/app.py': PYTHON, 'web/index.mjs': NODE });
  expect(await repo.init()).toBe(0);
  expect(parse(await repo.text())).toEqual({
    variants: [
      { name: 'python', source: 'py', build: 'python', runtime: 'python3.13', handler: 'app.lambda_handler' },
      { name: 'node', source: 'web', build: 'node', runtime: 'nodejs22.x', handler: 'index.handler' },
    ],
    pairs: [{ base: 'python', head: 'node' }],
  });
  expect(await repo.text()).toContain('# py/app.py');
});

it('finds handlers below the folder of their packages, and leaves out tests and dependencies', async () => {
  await using repo = await repository({
    'package.json': '{}',
    'src/orders.ts': 'export async function handler(event: unknown) {}',
    'src/orders.test.ts': NODE,
    'node_modules/x/index.mjs': NODE,
    'requirements.txt': '',
    'lib/app.py': PYTHON,
    'lib/test_app.py': PYTHON,
    '.venv/app.py': PYTHON,
  });
  await repo.init();
  expect(await repo.variants()).toMatchObject([
    { name: 'python', source: '.', handler: 'lib.app.lambda_handler' },
    { name: 'node', source: '.', handler: 'src/orders.handler' },
  ]);
});

it('finds crates and Go programs that use the runtime, and names several of a kind by folder', async () => {
  await using repo = await repository({
    'one/Cargo.toml': CARGO,
    'two/Cargo.toml': CARGO,
    'other/Cargo.toml': '[package]\nname = "tool"\n',
    'go.mod': 'module x\n',
    'cmd/fn/main.go': GO,
  });
  await repo.init();
  const common = { runtime: 'provided.al2023', handler: 'bootstrap' };
  expect(await repo.variants()).toEqual([
    { name: 'one', source: 'one', build: 'cargo-lambda', ...common },
    { name: 'two', source: 'two', build: 'cargo-lambda', ...common },
    { name: 'go', source: 'cmd/fn', build: 'go', ...common },
  ]);
});

it('takes what an AWS SAM template declares, and no value that a deployment computes', async () => {
  await using repo = await repository({
    'hello/app.py': PYTHON,
    'fast/Cargo.toml': CARGO,
    'template.yaml': `
Globals:
  Function: { Timeout: 3, Environment: { Variables: { LOG: info } } }
Resources:
  HelloWorldFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: hello/
      Handler: app.lambda_handler
      Runtime: python3.12
      MemorySize: 256
      Architectures: [arm64]
      Environment: { Variables: { TABLE: !Ref Orders, STAGE: !Sub "\${Stage}", LIMIT: 3 } }
  FastFunction:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: fast, Handler: bootstrap, Runtime: provided.al2023 }
  RubyFunction:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: hello, Handler: x, Runtime: ruby3.3 }
  Orders: { Type: AWS::DynamoDB::Table }
`,
  });
  await repo.init();
  expect(await repo.variants()).toEqual([
    {
      ...{ name: 'hello-world', source: 'hello', build: 'python', runtime: 'python3.12' },
      ...{ handler: 'app.lambda_handler', architecture: 'arm64', memory: 256, timeout: 3 },
      environment: { LOG: 'info', LIMIT: '3' },
    },
    {
      ...{ name: 'fast', source: 'fast', build: 'cargo-lambda', runtime: 'provided.al2023' },
      ...{ handler: 'bootstrap', timeout: 3, environment: { LOG: 'info' } },
    },
  ]);
});

it('takes what a Serverless service declares', async () => {
  await using repo = await repository({
    'src/a.js': 'exports.run = async () => 1;',
    'src/b.js': 'exports.run = async () => 1;',
    'serverless.yml': `
provider: { name: aws, runtime: nodejs20.x, memorySize: 512, environment: { A: "1", B: "\${env:B}" } }
functions:
  listOrders: { handler: src/a.run }
  makeOrder: { handler: src/b.run, timeout: 20 }
`,
  });
  await repo.init();
  const common = { source: '.', build: 'node', runtime: 'nodejs20.x', memory: 512, environment: { A: '1' } };
  expect(await repo.variants()).toEqual([
    { name: 'list-orders', handler: 'src/a.run', ...common },
    { name: 'make-order', handler: 'src/b.run', timeout: 20, ...common },
  ]);
});

it('says that a CDK app knows more', async () => {
  await using repo = await repository({
    'cdk.json': '{}',
    'a/app.py': PYTHON,
    'b/index.js': 'exports.handler = 1;',
  });
  await repo.init();
  expect(await repo.text()).toContain('# A CDK app (cdk.json) is here');
});

it('gives each variant a name of its own', async () => {
  await using repo = await repository({ 'a/fn/app.py': PYTHON, 'b/fn/app.py': PYTHON, '1/app.py': PYTHON });
  await repo.init();
  expect((await repo.variants()).map(({ name }) => name)).toEqual(['function', 'fn', 'fn-2']);
});

it('does not touch a config that is there, and says when there is nothing to measure', async () => {
  await using taken = await repository({ '.github/benchmark.yml': 'mine', 'a/app.py': PYTHON });
  expect(await taken.init()).toBe(2);
  expect(await taken.text()).toBe('mine');
  await using empty = await repository({ 'README.md': '' });
  expect(await empty.init()).toBe(2);
});

it('sweeps a function that is alone over memory', async () => {
  await using repo = await repository({ 'fn/index.mjs': NODE });
  expect(await repo.init()).toBe(0);
  expect(parse(await repo.text())).toMatchObject({
    variants: [{ name: 'node', handler: 'index.handler' }],
    matrix: { memory: [512, 1024, 1769] },
  });
});

it('is not led out of the repository, nor astray, by a template', async () => {
  await using repo = await repository({
    'template.yml': `
Shared: &shared !Ref Elsewhere
Resources:
  Out:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ../elsewhere, Handler: app.handler, Runtime: python3.13 }
  Alias:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: *shared, Handler: app.handler, Runtime: python3.13 }
`,
    'deep.yml': '['.repeat(20_000),
    'fn/app.py': PYTHON,
  });
  expect(await repo.init()).toBe(0);
  expect((await repo.variants()).map(({ source }) => source)).toEqual(['fn']);
});

it('takes neither build output nor installed packages for functions', async () => {
  const copies = ['dist', 'build', 'cdk.out/asset.1', 'vendor/x', 'venv/lib', 'env/lib', 'own/site-packages'];
  await using repo = await repository({
    'src/app.py': PYTHON,
    ...Object.fromEntries(copies.map((folder) => [`${folder}/app.py`, PYTHON])),
  });
  await repo.init();
  expect((await repo.variants()).map(({ source }) => source)).toEqual(['src']);
});

it('says which folders it does not look into when it finds nothing', async () => {
  await using repo = await repository({ 'dist/app.py': PYTHON });
  expect(await repo.init()).toBe(2);
  expect(repo.printed()).toContain('dist, build, cdk.out, vendor, venv, env, site-packages');
});

it('passes over links that lead nowhere, to themselves or to a folder they are in', async () => {
  await using repo = await repository({ 'src/app.py': PYTHON });
  await symlink('gone', join(repo.root, 'src/dangling'));
  await symlink('app.py/gone', join(repo.root, 'src/through'));
  await symlink('itself', join(repo.root, 'src/itself'));
  await symlink('..', join(repo.root, 'src/up'));
  await symlink('.', join(repo.root, 'src/here'));
  expect(await repo.init()).toBe(0);
  expect((await repo.variants()).map(({ source }) => source)).toEqual(['src']);
});

it('tells of what cannot be read for another reason', async () => {
  await using repo = await repository({ 'src/app.py': PYTHON });
  await expect(listFiles(join(repo.root, 'src/app.py'))).rejects.toThrow('ENOTDIR');
  await expect(listFiles(join(repo.root, 'gone'))).rejects.toThrow('ENOENT');
  await symlink('x'.repeat(300), join(repo.root, 'src/long'));
  await expect(listFiles(repo.root)).rejects.toThrow('ENAMETOOLONG');
});

it.each([
  [256, '[256, 512, 1024, 1769]'],
  [1024, '[512, 1024, 1769]'],
  [3008, '[512, 1024, 1769, 3008]'],
])('measures a function that is alone at its own %i MB, too', async (memory, sizes) => {
  await using repo = await repository({
    'fn/app.py': PYTHON,
    'serverless.yml': `
provider: { runtime: python3.13, memorySize: ${memory} }
functions: { only: { handler: fn/app.lambda_handler } }
`,
  });
  expect(await repo.init()).toBe(0);
  expect(await repo.text()).toContain(`matrix: { memory: ${sizes} }`);
  expect(await repo.variants()).toEqual([expect.not.objectContaining({ memory: expect.anything() })]);
});

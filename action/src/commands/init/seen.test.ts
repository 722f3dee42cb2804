import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionsSeen, isSign, type TextFile } from './seen.ts';

const seen = (...files: TextFile[]) => functionsSeen(files, new Set(files.map(({ path }) => path)));

describe('a Python handler', () => {
  it.each([
    'def lambda_handler(event, context):',
    'def lambda_handler(event: dict, context: LambdaContext) -> dict:',
    'def lambda_handler(event: dict[str, Any], context):',
    'def lambda_handler(event: Dict[str, List[Dict[str, int]]], context: "LambdaContext"):',
    'def lambda_handler(\n    event: dict[str, Any],\n    context: LambdaContext,\n) -> dict:',
    'def lambda_handler(event = {}, context = None):',
    'async def lambda_handler(_event, _context):',
  ])('is seen in %j', (text) => {
    expect(seen({ path: 'app.py', text })).toMatchObject([{ handler: 'app.lambda_handler' }]);
  });

  it.each([
    'def lambda_handler(event):',
    'def lambda_handler(event: dict[str, Any]):',
    'def lambda_handler(event: Tuple[int, Dict[str, int]]) -> None:',
    '    def lambda_handler(self, event):',
    'def handle(event, context):',
  ])('is not seen in %j', (text) => {
    expect(seen({ path: 'app.py', text })).toEqual([]);
  });

  it.each(['def handler(a: ', 'def handler(a:[', '[[x]', '[x]', ' ', '\n', 'def handler'])(
    'is looked for in a time that grows with the file, not faster: %j again and again',
    (part) => {
      const start = performance.now();
      seen({ path: 'app.py', text: `def handler(a: ${part.repeat(200_000)}` });
      expect(performance.now() - start).toBeLessThan(5000);
    },
  );
});

const PACKAGE = '[package]\nname = "fn"\n';
const LIB = '\n[lib]\nname = "core"\ncrate-type = [\n  "cdylib",\n  "rlib",\n]\n';

describe('a crate', () => {
  it.each([
    `${PACKAGE}\n[dependencies]\nlambda_runtime = "1"\n`,
    `${PACKAGE}${LIB}\n[[bin]]\nname = "bootstrap"\n[dependencies]\nlambda_runtime = "1"\n`,
    `${PACKAGE}\n[dependencies]\nserde = "1"\nlambda_http.workspace = true\n`,
    `${PACKAGE}\n[dependencies]\nlambda_runtime = { workspace = true }\n`,
    `${PACKAGE}\n[dependencies]\nruntime = { package = "lambda_runtime", version = "1" }\n`,
    `${PACKAGE}\r\n[dependencies.lambda_runtime]\r\nversion = "1"\r\n`,
    `${PACKAGE}\n[target.'cfg(unix)'.dependencies]\n"lambda_http" = "1"\n`,
    `[workspace]\nmembers = ["a"]\n[workspace.dependencies]\nlambda_runtime = "1"\n${PACKAGE}\n[dependencies]\nlambda_runtime.workspace = true\n`,
  ])('that uses the runtime is a function: %j', (text) => {
    expect(seen({ path: 'Cargo.toml', text })).toMatchObject([{ build: 'cargo-lambda', source: '.' }]);
  });

  it.each([
    '[workspace]\nmembers = ["a"]\n\n[workspace.dependencies]\nlambda_runtime = "1"\n',
    `${PACKAGE}\n[workspace.dependencies]\nlambda_runtime = "1"\n`,
    `${PACKAGE}\n[dev-dependencies]\nlambda_runtime = "1"\n`,
    `${PACKAGE}\n[dependencies]\n# lambda_runtime = "1"\nlambda_runtime_api_client = "1"\n`,
    `${PACKAGE}${LIB}\n[dependencies]\nlambda_runtime = "1"\n`,
    `${PACKAGE}\ndescription = '''\n[dependencies]\nlambda_runtime = "1"\n'''\n`,
    `${PACKAGE}\n[dependencies]\nlambda_runtime = "1\n`,
  ])('that is no program for the runtime is no function: %j', (text) => {
    expect(seen({ path: 'Cargo.toml', text })).toEqual([]);
  });
});

describe('a Python handler beside a crate', () => {
  const handler = { path: 'fast/app.py', text: 'def handler(event, context): pass' };
  const crate = { path: 'fast/Cargo.toml', text: `${PACKAGE}${LIB}` };
  const project = (backend: string) => ({
    path: 'fast/pyproject.toml',
    text: `[build-system]\nrequires = []\nbuild-backend = "${backend}"\n`,
  });

  it('is made by maturin where the project says so', () => {
    expect(seen(handler, crate, project('maturin'))).toEqual([
      {
        ...{ name: 'maturin', seenIn: 'fast/app.py', source: 'fast' },
        ...{ build: 'maturin', runtime: 'python3.13', handler: 'app.handler' },
      },
    ]);
  });

  it('is plain Python where another tool makes it, or the crate is elsewhere', () => {
    expect(seen(handler, crate, project('hatchling'))).toMatchObject([{ build: 'python' }]);
    expect(seen(handler, project('maturin'))).toMatchObject([{ build: 'python' }]);
  });
});

it('sees the functions of this repository as its config has them', () => {
  const root = join(import.meta.dirname, '../../../..');
  const paths = ['functions', 'rust', 'rust/core', 'rust/python'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
  const texts = paths.filter(isSign).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const found = functionsSeen(texts, new Set(paths));
  expect(found.map(({ name }) => name)).toEqual([
    ...['functions/boto3_resource', 'functions/handler', 'maturin', 'rust'],
  ]);
  expect(found.map(({ source, build, handler }) => [source, build, handler])).toEqual([
    ['functions', 'python', 'boto3_resource.handler'],
    ['functions', 'python', 'handler.handler'],
    ['rust/python', 'maturin', 'handler.handler'],
    ['rust', 'cargo-lambda', 'bootstrap'],
  ]);
});

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CARGO, GO, PYTHON, repository } from './fixture.ts';

const FUNCTION = 'Type: AWS::Serverless::Function';
const template = (properties: Readonly<Record<string, string>>) =>
  `Resources:\n${Object.entries(properties)
    .map(([id, given]) => `  ${id}: { ${FUNCTION}, Properties: { ${given} } }\n`)
    .join('')}`;

const HELLO = 'CodeUri: hello, Handler: app.lambda_handler, Runtime: python3.13';

describe('a declared function that cannot be taken', () => {
  it.each([
    [
      'CodeUri: hello, Handler: x, Runtime: ruby3.3',
      '(ruby3.3): no build kind makes it; zip or command can.',
    ],
    ['PackageType: Image', '(a container image): only zip packages are measured.'],
    ['CodeUri: hello, Handler: x, Runtime: !Ref R', ': its runtime is not given in plain words'],
    ['Handler: x, Runtime: python3.13', '(python3.13): its source folder is not given in plain words'],
    ['CodeUri: hello, Runtime: python3.13', '(python3.13): its handler is not given in plain words'],
    [
      'CodeUri: ../out, Handler: x, Runtime: python3.13',
      'its source, ../out, is no folder of this repository.',
    ],
    ['CodeUri: /tmp, Handler: x, Runtime: python3.13', 'its source, /tmp, is no folder of this repository.'],
    ['CodeUri: gone, Handler: x, Runtime: nodejs22.x', 'its source, gone, is no folder of this repository.'],
    ['CodeUri: hello/app.py, Handler: x, Runtime: python3.13', 'hello/app.py, is no folder'],
    ['CodeUri: hello, Runtime: provided.al2023', 'neither a Cargo.toml nor Go files of a module'],
  ])('is named with the reason: %s', async (given, reason) => {
    await using repo = await repository({
      'hello/app.py': PYTHON,
      'template.yaml': template({ HelloFunction: HELLO, OtherFunction: given }),
    });
    expect(await repo.init()).toBe(0);
    expect((await repo.variants()).map(({ name }) => name)).toEqual(['hello']);
    const hint = (await repo.text()).split('\n').find((line) => line.startsWith('# Left out: '));
    expect(hint).toContain('# Left out: OtherFunction');
    expect(hint).toContain(reason);
    expect(repo.printed()).toContain(`\n${hint?.slice(2)}\n`);
  });

  it('is named also where nothing is found', async () => {
    await using repo = await repository({ 'template.yaml': template({ Big: 'PackageType: Image' }) });
    expect(await repo.init()).toBe(2);
    expect(repo.printed()).toContain('Left out: Big (a container image)');
  });

  it('stays in its comment, whatever it is called', async () => {
    const [name, other] = ['A\nvariants: []\u001b[31m', 'B\nvariants: []\u001b[31m'].map((id) =>
      JSON.stringify(id),
    );
    await using repo = await repository({
      'hello/app.py': PYTHON,
      'template.yaml': template({ HelloFunction: HELLO, [name!]: 'PackageType: Image', [other!]: HELLO }),
      'sub/serverless.yml': `functions: { ${name}: { image: x } }\n`,
    });
    expect(await repo.init()).toBe(0);
    expect(parse(await repo.text()).variants).toHaveLength(2);
    expect(repo.printed()).not.toContain('\u001b');
  });
});

it('takes a Go function whose module begins above its folder', async () => {
  await using repo = await repository({
    'go.mod': 'module x\n',
    'cmd/fn/main.go': GO,
    'assets/readme.txt': '',
    'template.yaml': template({
      GoFunction: 'CodeUri: cmd/fn, Handler: bootstrap, Runtime: provided.al2023',
      NoFunction: 'CodeUri: assets, Handler: bootstrap, Runtime: provided.al2023',
    }),
  });
  await repo.init();
  expect(await repo.variants()).toMatchObject([{ name: 'go', source: 'cmd/fn', build: 'go' }]);
  expect(await repo.text()).toContain('  # template.yaml: GoFunction');
  expect(repo.printed()).toContain('Left out: NoFunction (provided.al2023)');
});

it('does not let a template further down hide what lies outside of it', async () => {
  await using repo = await repository({
    'src/app.py': PYTHON,
    'examples/one/template.yaml': template({ HelloFunction: HELLO }),
    'examples/one/hello/app.py': PYTHON,
    'cdk.json': '{}',
  });
  await repo.init();
  expect((await repo.variants()).map(({ source }) => source)).toEqual(['examples/one/hello', 'src']);
  expect(await repo.text()).toContain('# A CDK app (cdk.json) is here');
});

it('reads templates below the root, with paths from where they lie', async () => {
  await using repo = await repository({
    'sam-app/hello/app.py': PYTHON,
    'shared/Cargo.toml': CARGO,
    'sam-app/template.yaml': template({
      HelloFunction: HELLO,
      SharedFunction: 'CodeUri: ../shared, Handler: bootstrap, Runtime: provided.al2023',
      OutFunction: 'CodeUri: ../../hello, Handler: x, Runtime: python3.13',
    }),
    'shop/app.py': PYTHON,
    'shop/serverless.yml':
      'provider: { runtime: python3.13 }\nfunctions: { buy: { handler: app.lambda_handler } }\n',
    'dist/template.yaml': template({ CopyFunction: HELLO }),
  });
  await repo.init();
  expect((await repo.variants()).map(({ name, source }) => [name, source])).toEqual([
    ['hello', 'sam-app/hello'],
    ['shared', 'shared'],
    ['buy', 'shop'],
  ]);
  expect(await repo.text()).toContain('# Left out: sam-app/template.yaml: OutFunction (python3.13)');
});

it('says of a template that is no YAML that what it declares is left out', async () => {
  await using repo = await repository({ 'hello/app.py': PYTHON, 'template.yaml': 'Resources: {\n  a: [\n' });
  await repo.init();
  expect((await repo.variants()).map(({ source }) => source)).toEqual(['hello']);
  expect(await repo.text()).toMatch(
    /^# Left out: what template\.yaml declares, for it could not be read: .+\.$/m,
  );
});

it('takes no memory size or timeout that no config may have', async () => {
  await using repo = await repository({
    'hello/app.py': PYTHON,
    'template.yaml': template({ HelloFunction: `${HELLO}, MemorySize: 64, Timeout: 0.5` }),
  });
  await repo.init();
  const [hello] = await repo.variants();
  expect(hello).not.toHaveProperty('memory');
  expect(hello).not.toHaveProperty('timeout');
});

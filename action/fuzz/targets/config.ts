/** The config file, the command line, and what both make of a run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { samFunctions, serverlessFunctions } from '../../src/commands/init/declared.ts';
import { together } from '../../src/commands/init/found.ts';
import { parseArguments } from '../../src/config/arguments.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { readConfigFile } from '../../src/config/file.ts';
import { cellsOf } from '../../src/config/matrix.ts';
import type { Config, Variant } from '../../src/model.ts';
import { damagedText, WORDS } from '../damage.ts';
import { damagedJson } from '../damage-json.ts';
import { must, orRefusal, type Target, target } from '../target.ts';

const VALID = {
  variants: [
    {
      ...{
        name: 'python',
        source: 'functions',
        build: 'python',
        runtime: 'python3.13',
        handler: 'handler.handler',
      },
      ...{ memory: 512, timeout: 3, snapStart: true, environment: { LEVEL: 'info' }, architecture: 'x86_64' },
      permissions: [{ actions: ['sqs:SendMessage'], resources: ['*'] }],
    },
    {
      ...{
        name: 'own',
        source: 'functions',
        build: 'command',
        runtime: 'provided.al2023',
        handler: 'bootstrap',
      },
      command: { run: 'make', package: 'out.zip' },
    },
  ],
  matrix: { memory: [128, 512], architecture: ['arm64'] },
  pairs: [{ base: 'python', head: 'own' }],
  load: { rate: 10, blocks: 3, slotSeconds: 2.5, environments: 4, warmup: 2 },
  request: { method: 'POST', path: '/orders?id=1', headers: { 'x-a': 'b' }, body: { items: [1, 'two'] } },
  ...{ region: 'eu-central-1', coldShare: 0.01 },
};

/** What is small in the file and large in memory. */
const BOMBS = [
  `${'['.repeat(3000)}${']'.repeat(3000)}`,
  `variants: ${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`,
  [
    'a: &a [x, x]',
    ...[...'bcdefghijklmnopqrstuvw'].map(
      (c, i, all) => `${c}: &${c} [*${all[i - 1] ?? 'a'}, *${all[i - 1] ?? 'a'}]`,
    ),
  ].join('\n'),
  'a: &a [*a]\nvariants: *a',
  'variants: *nothing',
  '%YAML 9.9\n---\nvariants: []\n---\nvariants: []',
  `? ${'{'.repeat(500)}\n: 1`,
  `${'- '.repeat(3000)}x`,
  `${'? '.repeat(3000)}x`,
];

/** Seldom: each takes a thousand times as long as another text. */
const bombs = () => ({ weight: 1, arbitrary: fc.constantFrom(...BOMBS) });

const configText = () =>
  fc.oneof(
    { weight: 9, arbitrary: damagedText(fc.constant(stringify(VALID))) },
    { weight: 5, arbitrary: damagedJson(fc.constant(VALID)).map((value) => stringify(value) ?? '') },
    { weight: 5, arbitrary: damagedJson(fc.constant(VALID)).map((value) => JSON.stringify(value) ?? '') },
    bombs(),
  );

/** @param folder where the file is put, and the function it names */
export function configTargets(folder: string): Target[] {
  const root = join(folder, 'config');
  const file = join(root, 'benchmark.yml');
  mkdirSync(join(root, 'functions'), { recursive: true });
  return [
    target('config', 150, fc.tuple(configText(), args()), async ([text, argv]) => {
      writeFileSync(file, text);
      await orRefusal(() => readConfigFile(file, root));
      const config = await orRefusal(() =>
        resolveConfig({ ...parseArguments(argv), config: file }, { root, cwd: root, now: new Date(0) }),
      );
      if (config !== null) canBeRun(config);
    }),
    target('command-line', 300, args(), async (argv) => {
      const given = await orRefusal(() => parseArguments(argv));
      if (given === null) return;
      must(
        given.seed === null || (Number.isInteger(given.seed) && given.seed >= 0),
        'a seed is a whole number',
      );
      must(given.budgetUsd > 0 && Number.isFinite(given.budgetUsd), 'a budget is a number of dollars');
      must(given.base === null || !given.base.startsWith('-'), 'a base is no option of git');
    }),
    target('matrix', 200, fc.tuple(name(), matrix()), cellsAreDistinct),
    target('template', 60, template(), (text) => {
      const { functions } = together([
        samFunctions(root, 't.yml', text),
        serverlessFunctions(root, 'sub/s.yml', text),
      ]);
      for (const { source } of functions)
        must(!`${source}/`.includes('../'), 'a function lies in the repository');
    }),
  ];
}

/** What its stages rely on. */
function canBeRun(config: Config): void {
  const names = config.variants.map((variant) => variant.name);
  must(new Set(names).size === names.length, 'names are unique');
  for (const { base, head } of config.pairs)
    must(
      base !== head && names.includes(base) && names.includes(head),
      'a pair is of two variants there are',
    );
  for (const variant of config.variants) canBeStarted(variant);
  const { path, headers } = config.request ?? { path: '/', headers: {} };
  must(new URL(`http://127.0.0.1:1${path}`).host === '127.0.0.1:1', 'a request stays with its function');
  for (const [header, value] of Object.entries(headers)) {
    validateHeaderName(header);
    validateHeaderValue(header, value);
  }
  must(!('polluted' in {}), 'no prototype is changed');
}

/** No process can be given a NUL, nor a variable whose name has an equals sign. */
function canBeStarted({ environment, handler, runtime, source, command }: Variant): void {
  const words = [handler, runtime, source, command?.run ?? '', command?.package ?? ''];
  must(
    [...words, ...Object.values(environment)].every((word) => !word.includes('\0')),
    'no word has a NUL in it',
  );
  must(
    Object.keys(environment).every((key) => /^[A-Za-z]\w*$/.test(key)),
    'a variable has the name of one',
  );
}

const OPTION_WORDS = [
  ...[
    '--profile',
    '--target',
    '--seed',
    '--variants',
    '--base',
    '--control',
    '--early-stop',
    '--budget-usd',
    '--shard',
  ],
  ...[
    '--json',
    '--config',
    '--out',
    '--root',
    '--',
    '-h',
    '--profile=soak',
    '--profile=smoke',
    '--shard=1/2',
    '--base=main...',
  ],
  ...['smoke', 'python', 'python,own', '1/2', '0/0', '-x', 'aws', '4294967296', '__proto__'],
];

const args = (): fc.Arbitrary<string[]> =>
  fc.array(
    fc.oneof(
      fc.constantFrom(...OPTION_WORDS, ...WORDS),
      fc
        .tuple(fc.constantFrom(...OPTION_WORDS.slice(0, 9)), fc.constantFrom(...WORDS))
        .map((parts) => parts.join('=')),
    ),
    { maxLength: 4 },
  );

const name = () => fc.stringMatching(/^[a-z][a-z0-9-]{0,38}$/);
const matrix = () =>
  fc.record(
    {
      memory: fc.array(fc.integer({ min: 128, max: 10_240 }), { minLength: 1, maxLength: 6 }),
      architecture: fc.array(fc.constantFrom('x86_64' as const, 'arm64' as const), {
        minLength: 1,
        maxLength: 4,
      }),
    },
    { requiredKeys: [] },
  );

async function cellsAreDistinct([name, given]: [
  string,
  { memory?: number[]; architecture?: ('x86_64' | 'arm64')[] },
]) {
  const variant = { name, memoryMb: 512, architecture: 'x86_64' } as Variant;
  const cells = await orRefusal(() => cellsOf(variant, given));
  if (cells === null) return;
  const expected = new Set(given.memory ?? [0]).size * new Set(given.architecture ?? ['']).size;
  must(cells.length === expected, 'a cell for every combination');
  must(new Set(cells.map((cell) => cell.name)).size === expected, 'cells have names of their own');
}

const TEMPLATE = `Globals: { Function: { Runtime: python3.13, Environment: { Variables: { A: b, C: !Ref D } } } }
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: functions/, Handler: app.handler, MemorySize: 512, Architectures: [arm64] }
functions: { list: { handler: src/list.handler, memorySize: 256 } }
`;
const template = () => fc.oneof({ weight: 19, arbitrary: damagedText(fc.constant(TEMPLATE)) }, bombs());

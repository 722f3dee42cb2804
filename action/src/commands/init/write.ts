import { stringify } from 'yaml';
import { plain } from '../../report/escape.ts';
import type { Found } from './found.ts';

/** The config file for functions that were found: every choice in it is explained by a comment. */
export function configText(functions: readonly Found[], hints: readonly string[]): string {
  const named = withNames(functions);
  const parts = [
    '# What Lambda Duel measures: written by `npm run init` from what it saw here, and yours to change.',
    '# Every field is described in action/benchmark.schema.json of Lambda Duel.',
    ...hints.map((hint) => `# ${plain(hint)}`),
    'variants:',
    ...(named.length > 1 ? pairedLines(named) : sweptLines(named[0]!)),
    '',
    '# What is sent to every variant; without it, GET /.',
    '# request: { method: POST, path: /, body: { hello: world } }',
  ];
  return `${parts.join('\n')}\n`;
}

function variantLines({ seenIn, ...variant }: Found): string[] {
  const lines = stringify(variant, { lineWidth: 0 }).trimEnd().split('\n');
  return [`  # ${plain(seenIn)}`, ...lines.map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`)];
}

function pairedLines(functions: readonly Found[]): string[] {
  const [base, ...heads] = functions.map(({ name }) => name);
  const said = '# Ratios are head / base: `better` means that head is better.';
  const pairs = heads.map((head) => `  - { base: ${base}, head: ${head} }`);
  return [...functions.flatMap(variantLines), '', said, 'pairs:', ...pairs];
}

/** The last one has one whole processor. */
const SIZES = [512, 1024, 1769];

/** Its own size is among those of the sweep, which decides in its stead. */
function sweptLines({ memory, ...alone }: Found): string[] {
  const sizes = [...new Set([...SIZES, ...(memory === undefined ? [] : [memory])])].sort((a, b) => a - b);
  const matrix = `matrix: { memory: [${sizes.join(', ')}] }`;
  return [...variantLines(alone), '', '# One function: measured at several memory sizes.', matrix];
}

/** Names as the config wants them, each once. */
function withNames(functions: readonly Found[]): Found[] {
  const taken = new Set<string>();
  return functions.map(({ name, ...rest }) => {
    const slug = slugOf(name);
    let free = slug;
    for (let n = 2; taken.has(free); n++) free = `${slug}-${n}`;
    taken.add(free);
    return { name: free, ...rest };
  });
}

/** `HelloWorld_v2` becomes `hello-world-v2`; short enough for a number, a cell's or a control's suffix. */
function slugOf(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return words.slice(-24).replace(/^[^a-z]+/, '') || 'function';
}

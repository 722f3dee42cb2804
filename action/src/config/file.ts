import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Document, LineCounter } from 'yaml';
import { ConfigError } from '../errors.ts';
import { type ConfigFile, FileSchema } from './schema.ts';
import { hasSnapStart } from './snap-start.ts';
import { parseYaml } from './yaml.ts';

export interface LoadedFile {
  readonly content: ConfigFile;
  readonly sha256: string;
}

/** A fault and the place in the file it belongs to. */
interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Reads and checks a config file; every fault is reported at once, with its line. Throws ConfigError. */
export function readConfigFile(path: string, root: string): LoadedFile {
  const text = read(path);
  const lines = new LineCounter();
  const { document, value } = parsedText(path, text, lines);
  const parsed = FileSchema.safeParse(value ?? {});
  const faults = parsed.success ? semanticFaults(parsed.data, root) : parsed.error.issues.map(toFault);
  if (faults.length > 0)
    throw invalid(
      path,
      faults.map((fault) => withLine(fault, document, lines)),
    );
  return { content: parsed.data!, sha256: createHash('sha256').update(text).digest('hex') };
}

/** What is nested too deep, or says in a few lines what fills the memory, is thrown. */
function parsedText(path: string, text: string, lineCounter: LineCounter) {
  let errors: readonly unknown[];
  try {
    const document = parseYaml(text, { lineCounter });
    if (document.errors.length === 0) return { document, value: document.toJS() as unknown };
    errors = document.errors;
  } catch (error) {
    errors = [error];
  }
  throw invalid(
    path,
    errors.map((error) => (error as Error).message.trim()),
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(
      `The config file ${path} cannot be read.`,
      'Give an existing file with --config FILE, or let `npm run init` write one.',
      { cause },
    );
  }
}

function toFault(issue: { readonly path: PropertyKey[]; readonly message: string }): Fault {
  return { path: issue.path, message: issue.message };
}

/** What the shape alone cannot tell: names that clash or point nowhere, sources that do not exist. */
function semanticFaults(file: ConfigFile, root: string): Fault[] {
  return [
    ...duplicateNames(file),
    ...missingSources(file, root),
    ...strayCommands(file),
    ...lackingSnapStart(file),
    ...danglingPairs(file),
    ...endlessBody(file),
  ];
}

function duplicateNames({ variants }: ConfigFile): Fault[] {
  return variants.flatMap((variant, index) =>
    variants.findIndex((other) => other.name === variant.name) < index
      ? [
          {
            path: ['variants', index, 'name'],
            message: `the name "${variant.name}" is used twice; give each variant its own`,
          },
        ]
      : [],
  );
}

function missingSources({ variants }: ConfigFile, root: string): Fault[] {
  return variants.flatMap((variant, index) =>
    existsSync(resolve(root, variant.source))
      ? []
      : [
          {
            path: ['variants', index, 'source'],
            message: `the source "${variant.source}" of variant "${variant.name}" does not exist below ${root}`,
          },
        ],
  );
}

function strayCommands({ variants }: ConfigFile): Fault[] {
  return variants.flatMap(({ name, build, command }, index) => {
    if ((build === 'command') === (command !== undefined)) return [];
    const message =
      build === 'command'
        ? `variant "${name}" is built by a command and names none; give command: { run, package }`
        : `variant "${name}" has a command but is built as ${build}; leave it out, or set build: command`;
    return [{ path: ['variants', index, command === undefined ? 'build' : 'command'], message }];
  });
}

function lackingSnapStart({ variants }: ConfigFile): Fault[] {
  return variants.flatMap(({ name, snapStart, runtime }, index) => {
    if (snapStart !== true || hasSnapStart(runtime)) return [];
    const message = `variant "${name}" has snapStart and runtime ${runtime}; Lambda has it for java11, python3.12, dotnet8 and newer; leave it out`;
    return [{ path: ['variants', index, 'snapStart'], message }];
  });
}

function danglingPairs({ variants, pairs = [] }: ConfigFile): Fault[] {
  const names = variants.map((variant) => variant.name);
  return pairs.flatMap((pair, index) => [
    ...(['base', 'head'] as const).flatMap((side) =>
      names.includes(pair[side])
        ? []
        : [
            {
              path: ['pairs', index, side],
              message: `there is no variant "${pair[side]}"; there are ${names.join(', ')}`,
            },
          ],
    ),
    ...(pair.base === pair.head
      ? [{ path: ['pairs', index], message: `"${pair.base}" is compared with itself; give two variants` }]
      : []),
  ]);
}

/** By a YAML alias a mapping can hold itself. */
function endlessBody({ request }: ConfigFile): Fault[] {
  try {
    JSON.stringify(request?.body);
    return [];
  } catch {
    return [
      { path: ['request', 'body'], message: 'JSON cannot say it: it holds itself, or is nested too deep' },
    ];
  }
}

function withLine(fault: Fault, document: Document, lines: LineCounter): string {
  const where = fault.path.map(String).join('.') || 'the file';
  return `line ${lineOf(fault.path, document, lines)}: ${where}: ${fault.message}`;
}

/** Line of the nearest enclosing node that exists: a missing key has none of its own. */
function lineOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as
      | { range?: [number, number, number] }
      | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function invalid(path: string, faults: readonly string[]): ConfigError {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return new ConfigError(
    `${path} has ${count}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    'Correct them; action/benchmark.schema.json describes every field.',
  );
}

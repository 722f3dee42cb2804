import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Document, isPair, isScalar, visit } from 'yaml';
import { parseYaml } from '../../config/yaml.ts';
import type { BuildKind } from '../../model.ts';
import type { Found } from './found.ts';

type Values = Readonly<Record<string, unknown>>;

const record = (value: unknown): Values => (typeof value === 'object' && value !== null ? { ...value } : {});

/**
 * A template's plain values: what a deployment would compute (`!Ref`, `${...}`) is left out.
 *
 * @returns {} for a text that is no YAML mapping
 */
function plainValues(text: string): Values {
  try {
    return record(parsed(text).toJS());
  } catch {
    return {}; // Nested too deep, or an alias of what was left out.
  }
}

function parsed(text: string): Document {
  const document = parseYaml(text, { logLevel: 'silent' });
  visit(document, (_, node) => {
    const value = isPair(node) ? (node.value as { tag?: string } | null) : (node as { tag?: string });
    const computed = value?.tag?.startsWith('!') === true;
    const substituted = isScalar(value) && typeof value.value === 'string' && value.value.includes('${');
    return computed || substituted ? visit.REMOVE : undefined;
  });
  return document.errors.length > 0 ? new Document({}) : document;
}

/** The functions of an AWS SAM template. */
export function samFunctions(root: string, file: string, text: string): Found[] {
  const template = plainValues(text);
  const globals = record(record(template.Globals).Function);
  return Object.entries(record(template.Resources)).flatMap(([id, resource]) => {
    if (record(resource).Type !== 'AWS::Serverless::Function') return [];
    const given = { ...globals, ...record(record(resource).Properties) };
    return declared(root, {
      ...{ id, file, source: given.CodeUri, handler: given.Handler, runtime: given.Runtime },
      architecture: Array.isArray(given.Architectures) ? given.Architectures[0] : undefined,
      ...{ memory: given.MemorySize, timeout: given.Timeout },
      environment: {
        ...record(record(globals.Environment).Variables),
        ...record(record(given.Environment).Variables),
      },
    });
  });
}

/** The functions of a Serverless Framework service. */
export function serverlessFunctions(root: string, file: string, text: string): Found[] {
  const service = plainValues(text);
  const provider = record(service.provider);
  return Object.entries(record(service.functions)).flatMap(([id, value]) => {
    const given = { ...provider, ...record(value) };
    return declared(root, {
      ...{ id, file, source: '.', handler: given.handler, runtime: given.runtime },
      ...{ architecture: given.architecture, memory: given.memorySize, timeout: given.timeout },
      environment: { ...record(provider.environment), ...record(record(value).environment) },
    });
  });
}

interface Declaration {
  readonly id: string;
  readonly file: string;
  readonly source: unknown;
  readonly handler: unknown;
  readonly runtime: unknown;
  readonly architecture: unknown;
  readonly memory: unknown;
  readonly timeout: unknown;
  readonly environment: Values;
}

function declared(root: string, { id, file, source, handler, runtime, ...rest }: Declaration): Found[] {
  if (typeof source !== 'string' || typeof runtime !== 'string') return [];
  const folder = source.replace(/^\.\//, '').replace(/\/+$/, '') || '.';
  if (folder.split('/').includes('..')) return [];
  const build = kindOf(runtime, join(root, folder));
  if (build === null || !existsSync(join(root, folder))) return [];
  const { architecture, memory, timeout } = rest;
  const environment = Object.entries(rest.environment).filter(([, value]) => typeof value !== 'object');
  return [
    {
      ...{
        name: id.replace(/Function$/, '') || id,
        seenIn: `${file}: ${id}`,
        source: folder,
        build,
        runtime,
      },
      handler: typeof handler === 'string' ? handler : 'bootstrap',
      ...((architecture === 'arm64' || architecture === 'x86_64') && { architecture }),
      ...(typeof memory === 'number' && { memory }),
      ...(typeof timeout === 'number' && { timeout }),
      ...(environment.length > 0 && {
        environment: Object.fromEntries(environment.map(([k, v]) => [k, `${v}`])),
      }),
    },
  ];
}

/** null for what none of the build kinds makes. */
function kindOf(runtime: string, folder: string): BuildKind | null {
  if (runtime.startsWith('python')) return 'python';
  if (runtime.startsWith('nodejs')) return 'node';
  if (!runtime.startsWith('provided')) return null;
  if (existsSync(join(folder, 'Cargo.toml'))) return 'cargo-lambda';
  return existsSync(join(folder, 'go.mod')) ? 'go' : null;
}

import { type Document, isPair, isScalar, visit } from 'yaml';
import { parseYaml } from '../../config/yaml.ts';
import { type Findings, together } from './found.ts';
import { taken } from './taken.ts';

type Values = Readonly<Record<string, unknown>>;

const record = (value: unknown): Values => (typeof value === 'object' && value !== null ? { ...value } : {});

interface Template {
  /** What a deployment would compute (`!Ref`, `${...}`) is left out; {} for a text that is no YAML mapping. */
  readonly values: Values;
  /** What a person should know of a text that is no YAML. */
  readonly hints: readonly string[];
}

function readTemplate(file: string, text: string): Template {
  try {
    const document = parsed(text);
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return { values: record(document.toJS()), hints: [] };
  } catch (error) {
    // Nested too deep and an alias of what was left out are errors, too; yaml shows the place on lines below.
    const [reason = ''] = (error as Error).message.split('\n');
    const hint = `Left out: what ${file} declares, for it could not be read: ${reason.replace(/[:.]$/, '')}.`;
    return { values: {}, hints: [hint] };
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
  return document;
}

/** The functions of an AWS SAM template, and hints at those that cannot be taken. */
export function samFunctions(root: string, file: string, text: string): Findings {
  const { values, hints } = readTemplate(file, text);
  const globals = record(record(values.Globals).Function);
  const findings = Object.entries(record(values.Resources)).flatMap(([id, resource]) => {
    if (record(resource).Type !== 'AWS::Serverless::Function') return [];
    const given = { ...globals, ...record(record(resource).Properties) };
    return taken(root, {
      ...{ id, file, source: given.CodeUri, handler: given.Handler, runtime: given.Runtime },
      image: given.PackageType === 'Image',
      architecture: Array.isArray(given.Architectures) ? given.Architectures[0] : undefined,
      ...{ memory: given.MemorySize, timeout: given.Timeout },
      environment: {
        ...record(record(globals.Environment).Variables),
        ...record(record(given.Environment).Variables),
      },
    });
  });
  return together([{ functions: [], hints }, ...findings]);
}

/** The functions of a Serverless Framework service, and hints at those that cannot be taken. */
export function serverlessFunctions(root: string, file: string, text: string): Findings {
  const { values, hints } = readTemplate(file, text);
  const provider = record(values.provider);
  const findings = Object.entries(record(values.functions)).map(([id, value]) => {
    const given = { ...provider, ...record(value) };
    return taken(root, {
      ...{ id, file, source: '.', handler: given.handler, runtime: given.runtime },
      image: given.image !== undefined,
      ...{ architecture: given.architecture, memory: given.memorySize, timeout: given.timeout },
      environment: { ...record(provider.environment), ...record(record(value).environment) },
    });
  });
  return together([{ functions: [], hints }, ...findings]);
}

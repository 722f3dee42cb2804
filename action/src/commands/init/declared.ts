import { Document, isPair, isScalar, visit } from 'yaml';
import { parseYaml } from '../../config/yaml.ts';
import { type Findings, together } from './found.ts';
import { taken } from './taken.ts';

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

/** The functions of an AWS SAM template, and hints at those that cannot be taken. */
export function samFunctions(root: string, file: string, text: string): Findings {
  const template = plainValues(text);
  const globals = record(record(template.Globals).Function);
  const findings = Object.entries(record(template.Resources)).flatMap(([id, resource]) => {
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
  return together(findings);
}

/** The functions of a Serverless Framework service, and hints at those that cannot be taken. */
export function serverlessFunctions(root: string, file: string, text: string): Findings {
  const service = plainValues(text);
  const provider = record(service.provider);
  const findings = Object.entries(record(service.functions)).map(([id, value]) => {
    const given = { ...provider, ...record(value) };
    return taken(root, {
      ...{ id, file, source: '.', handler: given.handler, runtime: given.runtime },
      image: given.image !== undefined,
      ...{ architecture: given.architecture, memory: given.memorySize, timeout: given.timeout },
      environment: { ...record(provider.environment), ...record(record(value).environment) },
    });
  });
  return together(findings);
}

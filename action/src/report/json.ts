/** `result.json`, written and read: small, stable, and checked against its schema in both directions. */
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { type Result, ResultSchema } from '../result.ts';

/** Six digits are more than any measurement here supports, and keep the file small and its diffs readable. */
const SIGNIFICANT_DIGITS = 6;

/** Keys in the order of the schema, records by key, two spaces, a newline at the end: equal results, equal bytes. */
export function serialize(result: Result): string {
  const checked = ResultSchema.parse(result);
  return `${JSON.stringify(ordered(ResultSchema, checked), null, 2)}\n`;
}

/** `parse` has put the keys of objects in the schema's order; those of records are ours to sort. */
function ordered(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  if (typeof value === 'number') return rounded(value);
  const plain = withoutWrapper(schema);
  if (Array.isArray(value)) {
    const element = plain instanceof z.ZodArray ? plain.element : undefined;
    return value.map((item) => ordered(element, item));
  }
  if (typeof value !== 'object' || value === null) return value;
  const shape: Readonly<Record<string, z.core.$ZodType>> | undefined =
    plain instanceof z.ZodObject ? plain.shape : undefined;
  const entries = Object.entries(value);
  const inOrder = shape === undefined ? entries.sort(([a], [b]) => (a < b ? -1 : 1)) : entries;
  return Object.fromEntries(
    inOrder.map(([key, item]) => [key, ordered(shape?.[key] ?? valueSchema(plain), item)]),
  );
}

function withoutWrapper(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  const wraps =
    schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  return wraps ? withoutWrapper(schema.unwrap()) : schema;
}

function valueSchema(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return schema instanceof z.ZodRecord ? schema.valueType : undefined;
}

/** Whole numbers (counts, bytes, seeds) stay exact. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS));
}

/** Reads what `serialize` wrote. Throws a ConfigError that names what is wrong and where. */
export function parseResult(text: string): Result {
  const value = parseJson(text);
  refuseOtherVersions(value);
  const parsed = ResultSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    `This is not a valid result:\n${faults(parsed.error)}`,
    'Give the result.json of a finished run, unedited; if it is damaged, run the benchmark again.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(
      `The result is not JSON: ${cause instanceof Error ? cause.message : 'it cannot be parsed'}.`,
      'Give the result.json of a finished run; a file cut short by a full disk has to be made again.',
      { cause },
    );
  }
}

function refuseOtherVersions(value: unknown): void {
  const version =
    typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
  const known = ResultSchema.shape.schemaVersion.value;
  if (version === undefined || version === known) return;
  throw new ConfigError(
    `The result has schemaVersion ${JSON.stringify(version)}; this program reads schemaVersion ${known}.`,
    'Render it with the version of Lambda Duel that wrote it, or run the benchmark again with this one.',
  );
}

const FAULTS_SHOWN = 12;

function faults(error: z.ZodError): string {
  const lines = error.issues
    .slice(0, FAULTS_SHOWN)
    .map(({ path, message }) => `  ${z.core.toDotPath(path) || '(the whole file)'}: ${message}`);
  const more = error.issues.length - lines.length;
  return [...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n');
}

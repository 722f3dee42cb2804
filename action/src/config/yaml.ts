import { type Document, type DocumentOptions, type ParseOptions, Parser, parseDocument } from 'yaml';

/** Deeper than any config or template of a person's. */
const DEEPEST = 64;

/**
 * YAML that others wrote. It is refused before it is composed when it is nested too deep, because composing recurses,
 * and V8 aborts the whole process when it compiles a regular expression at the end of the stack.
 *
 * @throws RangeError for what is nested too deep; other faults are the document's `errors`
 */
export function parseYaml(text: string, options: ParseOptions & DocumentOptions): Document {
  const depth = depthOf(text);
  if (depth > DEEPEST)
    throw new RangeError(`collections are nested ${depth} deep; ${DEEPEST} levels are allowed`);
  return parseDocument(text, options);
}

/** Of collections within collections, counted without recursion. */
function depthOf(text: string): number {
  let deepest = 0;
  const todo: { value: unknown; depth: number }[] = [{ value: [...new Parser().parse(text)], depth: 0 }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    const inside = 'items' in value ? depth + 1 : depth;
    deepest = Math.max(deepest, inside);
    for (const child of Object.values(value)) todo.push({ value: child, depth: inside });
  }
  return deepest;
}

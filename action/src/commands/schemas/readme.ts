/** The README's tables of the action's inputs and outputs, made from `action.yml`. */
import { markdownTable } from 'markdown-table';
import { parse } from 'yaml';

interface Described {
  readonly description: string;
  readonly default?: string;
}

interface ActionYaml {
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
}

/** @returns the README with what stands between its markers made anew */
export function withTables(readme: string, actionYaml: string): string {
  const { inputs, outputs } = parse(actionYaml) as ActionYaml;
  const tables = {
    inputs: table(['input', 'default', 'meaning'], inputs, ({ default: value = '', description }) => [
      value === '' ? '' : `\`${value}\``,
      description,
    ]),
    outputs: table(['output', 'meaning'], outputs, ({ description }) => [description]),
  };
  return Object.entries(tables).reduce((text, [name, made]) => replaceBetween(text, name, made), readme);
}

function table(
  header: readonly string[],
  entries: Readonly<Record<string, Described>>,
  cells: (entry: Described) => string[],
): string {
  const rows = Object.entries(entries).map(([name, entry]) => [`\`${name}\``, ...cells(entry)]);
  return markdownTable([header, ...rows], { alignDelimiters: false, padding: true });
}

function replaceBetween(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: made by npm run schemas -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new RangeError(`the README has no place for the ${name}: ${begin} ... ${end}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

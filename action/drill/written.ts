import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { journalIn } from '../src/load/journal.ts';
import { journalResult } from '../src/partial.ts';
import { chartFiles } from '../src/report/charts/charts.ts';
import { parseResult, serialize } from '../src/report/json.ts';
import { renderMarkdown } from '../src/report/markdown.ts';
import type { Result } from '../src/result.ts';
import type { Written } from './fault.ts';

export interface Output {
  readonly written: Written;
  /** Of a run that was killed, the one that `npm run report -- DIR` makes of its journal. */
  readonly result: Result | null;
  /** What is there by half; empty for what should be. */
  readonly halves: readonly string[];
  /** What is no result: files that were being written and never got their name, a journal that was too short to report. */
  readonly drafts: readonly string[];
}

/** What a run has written to its folder. */
export function readOutput(out: string): Output {
  const files = existsSync(out) ? readdirSync(out, { recursive: true, encoding: 'utf8' }).sort() : [];
  const { written, result, halves } = files.includes('result.json') ? whole(out) : withoutResult(out, files);
  const journal = written !== 'partial' && files.includes('journal') ? ['journal'] : [];
  const drafts = files.filter((file) => file.endsWith('.part')).map(() => 'draft beside the report');
  return { written, result, halves, drafts: [...journal, ...drafts] };
}

type Found = Pick<Output, 'written' | 'result' | 'halves'>;
const NONE = { written: 'none', result: null } as const;

/** A result is whole when its report and its charts are there; what is there must be what it renders to. */
function whole(out: string): Found {
  try {
    const result = parseResult(readFileSync(join(out, 'result.json'), 'utf8'));
    const shown = [{ path: 'report.md', content: renderMarkdown(result) }, ...chartFiles(result)];
    const missing = shown.filter(({ path }) => textOf(join(out, path)) === null);
    const wrong = shown.filter(
      (file) => !missing.includes(file) && textOf(join(out, file.path)) !== file.content,
    );
    const halves = wrong.map(({ path }) => `${path} is not what result.json renders to`);
    return { written: missing.length === 0 ? 'whole' : 'unrendered', result, halves };
  } catch (error) {
    return { ...NONE, halves: [`result.json: ${(error as Error).message}`] };
  }
}

/** Without a result there must be no report; a journal that lasted is a partial result. */
function withoutResult(out: string, files: readonly string[]): Found {
  const halves = files
    .filter((file) => /^(report\.md|charts)/.test(file))
    .map((file) => `${file} without a result`);
  if (!files.includes('journal/load.json')) return { ...NONE, halves };
  try {
    return { written: 'partial', result: parseResult(serialize(journalResult(journalIn(out)))), halves };
  } catch (error) {
    return { ...NONE, halves: [...halves, `journal: ${(error as Error).message}`] };
  }
}

const textOf = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);

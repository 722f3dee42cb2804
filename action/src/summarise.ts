import { join } from 'node:path';
import { failedGates } from './compare/gates.ts';
import { serialize } from './report/json.ts';
import { wantsColour } from './report/style.ts';
import { renderTerminal } from './report/terminal.ts';
import type { Result } from './result.ts';

/** How a command ends that made a result: the result on stdout; on stderr which gates failed, and where the report is. */
export function summarise(result: Result, outDir: string, json = false): void {
  const color = wantsColour(process.stdout, process.env);
  const width = process.stdout.columns ?? 100;
  process.stdout.write(json ? serialize(result) : renderTerminal(result, { color, width }));
  const gates = failedGates(result).map((gate) => `gate failed: ${gate}\n`);
  process.stderr.write(`\n${gates.join('')}report: ${join(outDir, 'report.md')}\n`);
}

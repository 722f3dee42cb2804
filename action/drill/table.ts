import { cpus, release, type } from 'node:os';
import { markdownTable } from 'markdown-table';
import type { Outcome } from './runner.ts';

const HEADER = ['', 'fault', 'stage', 'what a person is told', 'exit', 'requests', 'result', 'left behind'];
const LONGEST = 150;

/** One row a fault. */
export function tableOf(outcomes: readonly Outcome[]): string {
  return markdownTable([HEADER, ...outcomes.map(row)], { alignDelimiters: false, padding: true });
}

function row({ fault, skipped, exit, seen, requests, written, left, failures }: Outcome): string[] {
  if (skipped !== null) return ['not made', fault.name, fault.stage, skipped, '', '', '', ''];
  const told = cell(seen === '' ? '(nothing: it was killed)' : seen);
  const verdict = failures.length === 0 ? 'ok' : '**FAILED**';
  return [verdict, fault.name, fault.stage, told, String(exit), requests, written, cell(left)];
}

const cell = (text: string): string =>
  (text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text)
    .replaceAll('|', '\\|')
    .replaceAll(/\s+/g, ' ');

/** `43 faults: 42 as they must be, 1 failed, 0 not made`. */
export function closingLine(outcomes: readonly Outcome[]): string {
  const skipped = outcomes.filter((outcome) => outcome.skipped !== null).length;
  const failed = outcomes.filter(({ failures }) => failures.length > 0).length;
  const passed = outcomes.length - skipped - failed;
  return `${outcomes.length} faults: ${passed} as they must be, ${failed} failed, ${skipped} not made`;
}

/** The page that is kept. */
export function page(outcomes: readonly Outcome[], now: Date): string {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'an unknown CPU'}, ${type()} ${release()}, Node ${process.versions.node}`;
  return `# Fault drill

Written by \`npm run drill\` on ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC, on ${machine}.

Each row is one real run of \`npm run bench\` (two functions, k6, gofakes3, dynoxide; on AWS, ministack behind a server
that does to its calls what the fault says) to which one thing was done. **Requests** are what k6 itself says that it sent or
could not send, on the left, and what the result says of them, on the right; they also agree with the samples row by row
and with a ledger that the functions keep. **Result** is whole (its report and charts are what it renders to), partial (and
says so) or none: nothing is half there. **Left behind** are processes, temporary files, cpu groups and stacks when the run
had ended.

${closingLine(outcomes)}.

${tableOf(outcomes)}
`;
}

/** What was not as it must be, fault by fault. */
export function failuresOf(outcomes: readonly Outcome[]): string {
  return outcomes
    .filter(({ failures }) => failures.length > 0)
    .map(({ fault, failures }) => `${fault.name}:\n${failures.map((failure) => `  - ${failure}\n`).join('')}`)
    .join('\n');
}

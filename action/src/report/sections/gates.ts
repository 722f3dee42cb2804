/** The conditions under which the numbers may be believed, and the caveats to them. */
import type { Result } from '../../result.ts';
import { type Block, definitions, heading, left, paragraph, right, table } from '../blocks.ts';
import { given, withUnit } from '../units.ts';
import { isObserved } from '../words.ts';

export function gateSection({ gates }: Result): Block[] {
  if (gates.length === 0) return [];
  return [
    heading(2, 'Trust gates'),
    table(
      [left('Gate'), left('Passed'), right('Observed'), right('Limit'), left('What it protects')],
      gates.map((gate) => [
        gate.id,
        gate.passed ? (isObserved(gate) ? 'yes' : 'not observed') : 'NO',
        withUnit(gate.observed, gate.unit),
        withUnit(gate.limit, gate.unit, given),
        gate.message,
      ]),
    ),
  ];
}

export function warningSection({ warnings }: Result): Block[] {
  if (warnings.length === 0) return [heading(2, 'Warnings'), paragraph('None.')];
  return [heading(2, 'Warnings'), definitions(warnings.map(({ code, message }) => [code, message]))];
}

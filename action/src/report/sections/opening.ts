/** Title, the run in a line, reasons for distrust, and the verdicts: what a reader sees who reads nothing else. */
import { baseNameOf } from '../../model.ts';
import type { PairResult, Result } from '../../result.ts';
import { type Block, finding, heading, paragraph } from '../blocks.ts';
import { runLine } from '../run-line.ts';
import { distrust, gateTally, headline } from '../sentences.ts';
import { inOneUnit, known, plural } from '../units.ts';
import { isLocal, isObserved, pairName, summaryOf, variantOf } from '../words.ts';

export function opening(result: Result): Block[] {
  return [
    heading(1, `${title(result)} (${result.provenance.target.label})`),
    paragraph(`${runLine(result)}. ${trustLine(result)}`),
    ...baseNote(result),
    ...distrusts(result),
    ...verdicts(result),
  ];
}

/** What a reader of a change wants to know first: whether it changed what was measured. */
export function baseNote(result: Result): Block[] {
  const { variants } = result;
  const { base } = result.provenance;
  if (base === null) return [];
  const commit = `base ${base.commit.slice(0, 12)}`;
  if (base.unchanged.length === 0) return [paragraph(`Compared with ${commit}.${lackingNote(result)}`)];
  const same = base.unchanged.join(', ');
  const control = variants.some(({ name }) => base.unchanged.some((head) => name === baseNameOf(head)));
  const use = control ? '; measured twice all the same, as the control of this run' : '';
  return [
    paragraph(
      `Compared with ${commit}. Unchanged since then, byte for byte: ${same}${use}.${lackingNote(result)}`,
    ),
  ];
}

/** A variant that was not compared with its base must not look as if it had passed. */
function lackingNote({ variants, pairs, provenance: { base } }: Result): string {
  const names = variants.map(({ name }) => name);
  const compared = new Set([
    ...names.filter((name) => names.includes(baseNameOf(name))).flatMap((name) => [name, baseNameOf(name)]),
    ...(base?.unchanged ?? []),
    ...pairs.filter(({ control }) => control).map(({ head }) => head),
  ]);
  const lacking = names.filter((name) => !compared.has(name));
  if (lacking.length === 0) return '';
  return ` Without a base, as that commit has nothing that the present config can build: ${lacking.join(', ')}.`;
}

function distrusts(result: Result): Block[] {
  const reasons = distrust(result).map(({ lead, rest }) => finding(lead, rest));
  return reasons.length === 0 ? [] : [...reasons, paragraph(IF_TRUSTED)];
}

export const IF_TRUSTED = 'What the numbers would say, could they be trusted:';

export function title(result: Result): string {
  const [first, second] = result.pairs;
  if (first !== undefined && second === undefined) return pairName(first);
  return `Lambda benchmark of ${plural(result.variants.length, 'variant')}`;
}

function verdicts(result: Result): Block[] {
  if (result.pairs.length === 0)
    return [paragraph('No pair of variants was to be compared: there is no verdict.')];
  const caveat = isLocal(result) ? LOCAL : '';
  return [...result.pairs.flatMap((pair) => verdict(result, pair)), paragraph(INTERVAL + caveat)];
}

const INTERVAL = 'An interval (95 % CI) holds the differences that this run cannot rule out.';
const LOCAL =
  ' The run knows nothing of AWS: here no call waits for a network, and a cold start starts a process and no microVM. What that does to the numbers is told below.';

function verdict(result: Result, pair: PairResult): Block[] {
  const { lead, rest } = headline(result, pair);
  const tally = gateTally(pair);
  return [finding(lead, tally === '' ? rest : `${rest} ${tally}`), ...inPlainWords(result, pair)];
}

/** The two numbers behind a ratio, for the reader who has none of the terms; a control is about none. */
function inPlainWords(result: Result, { base, head, control }: PairResult): Block[] {
  if (control) return [];
  const [before, after] = [base, head].map(
    (name) => summaryOf(variantOf(result, name), 'duration.p50')?.value,
  );
  if (!known(before) || !known(after)) return [];
  const { cells, unit } = inOneUnit('ms', [after, before]);
  return [
    paragraph(
      `In plain words: half of ${head}'s warm invocations took at most ${cells[0]} ${unit}, half of ${base}'s at most ${cells[1]} ${unit}.`,
    ),
  ];
}

/** Where to look before believing a number. */
export function trustLine(result: Result): string {
  const passed = result.gates.filter((gate) => gate.passed && isObserved(gate)).length;
  const unseen = result.gates.filter((gate) => gate.passed && !isObserved(gate)).map(({ id }) => id);
  const unseenNote = unseen.length === 0 ? '' : `, not observed: ${unseen.join(', ')}`;
  const gates =
    result.gates.length === 0
      ? 'No trust gate was checked'
      : `Trust gates passed: ${passed} of ${result.gates.length}${unseenNote}`;
  return `${gates}. ${result.warnings.length === 0 ? 'No warnings.' : `${plural(result.warnings.length, 'warning')}, listed below.`}`;
}

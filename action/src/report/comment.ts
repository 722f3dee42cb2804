/**
 * What a pull request's reader sees: the verdict, the metrics that decide, and all else folded away. From the result and
 * a few addresses alone.
 */
import { baseNameOf } from '../model.ts';
import type { Comparison, PairResult, Result } from '../result.ts';
import {
  type Block,
  details,
  documentOf,
  finding,
  heading,
  left,
  paragraph,
  right,
  table,
  withoutPictures,
} from './blocks.ts';
import { fitted, type Letter, type Part } from './budget.ts';
import { change } from './change.ts';
import { type ChartImage, image, linkLine, type WebLink } from './links.ts';
import { losses, runLine } from './run-line.ts';
import { attributionSection } from './sections/attribution.ts';
import { coldSection } from './sections/cold.ts';
import { costSection } from './sections/cost.ts';
import { gateSection, warningSection } from './sections/gates.ts';
import { memorySection } from './sections/memory.ts';
import { methodSection } from './sections/method.ts';
import { minutesSection } from './sections/minutes.ts';
import { networkSection } from './sections/network.ts';
import { baseNote, IF_TRUSTED, title, trustLine } from './sections/opening.ts';
import { pairSections } from './sections/pair-table.ts';
import { provenanceSection } from './sections/provenance.ts';
import { soakSection } from './sections/soak.ts';
import { variantSections } from './sections/variants.ts';
import { distrust, gateTally, headline } from './sentences.ts';
import { measured, plural } from './units.ts';
import { gatesOf, labelWithUnit, pairName, slotMedian, verdictWords } from './words.ts';

/** GitHub takes 65,536 characters; bytes are more than characters, and some room is left for what GitHub counts else. */
export const COMMENT_BYTES = 60_000;

export interface CommentOptions {
  /** The report, the workflow run; shown at the end. */
  readonly links: readonly WebLink[];
  /** That of the first pair's intervals is shown, the others are folded away. */
  readonly charts: readonly ChartImage[];
  /** Sentences about the circumstances, e.g. that the branch has moved on since. Raw text. */
  readonly notes: readonly string[];
  readonly limitBytes?: number;
}

export function renderComment(result: Result, options: CommentOptions): string {
  return fitted(letter(result, options), options.limitBytes ?? COMMENT_BYTES);
}

function letter(result: Result, { links, charts, notes }: CommentOptions): Letter {
  const pairs = inOrder(result);
  const first = charts.find(({ name }) => name === `forest-${result.pairs.indexOf(pairs[0]!) + 1}`);
  const others = charts.filter((chart) => chart !== first);
  return {
    opening: [
      heading(2, `${title(result)} (${result.provenance.target.label})`),
      ...baseNote(result),
      ...notes.map((note) => finding('Note', `: ${note}`)),
    ],
    parts: [
      ...distrusted(result),
      ...verdicts(result, pairs),
      ...(first === undefined ? [] : [{ name: 'the chart', blocks: drawn([first]) }]),
      ...tables(result, pairs),
      ...folds(result, pairs, drawn(others)),
    ],
    closing: [
      paragraph(`${runLine(result)}. ${trustLine(result).replace(', listed below', '')}`),
      ...(links.length === 0 ? [] : [linkLine(links)]),
    ],
  };
}

/** What a pull request changed comes first; what is only there to show the noise, last. */
function inOrder({ pairs }: Result): PairResult[] {
  const rank = ({ base, head, control }: PairResult) => (control ? 2 : base === baseNameOf(head) ? 0 : 1);
  return [...pairs].sort((a, b) => rank(a) - rank(b));
}

function distrusted(result: Result): Part[] {
  const reasons = distrust(result).map(({ lead, rest }) => finding(lead, rest));
  if (reasons.length === 0) return [];
  return [{ name: 'reasons for distrust', blocks: [...reasons, paragraph(IF_TRUSTED)] }];
}

function verdicts(result: Result, pairs: readonly PairResult[]): Part[] {
  return pairs.map((pair) => {
    const { lead, rest } = headline(result, pair);
    return {
      name: `the verdict on ${pairName(pair)}`,
      blocks: [finding(lead, `${rest} ${gateTally(pair)}`.trimEnd())],
    };
  });
}

function drawn(charts: readonly ChartImage[]): Block[] {
  return charts.flatMap((chart) => image(chart) ?? []);
}

/** Not of controls: what they found stands in their verdict. */
function tables(result: Result, pairs: readonly PairResult[]): Part[] {
  const shown = pairs.filter((pair) => !pair.control && gatesOf(pair).length > 0);
  const lost = losses(result);
  return [
    ...shown.map((pair) => ({
      name: `the table of ${pairName(pair)}`,
      blocks: [...(pairs.length > 1 ? [heading(3, pairName(pair))] : []), gateTable(result, pair)],
    })),
    ...(lost.length === 0 ? [] : [{ name: 'lost requests', blocks: lost.map(paragraph) }]),
  ];
}

function gateTable(result: Result, pair: PairResult): Block {
  const columns = [
    left('Metric'),
    right(pair.base),
    right(pair.head),
    right(`${pair.head} used`),
    right('95 % CI'),
    left('Verdict'),
  ];
  return table(
    columns,
    gatesOf(pair).map((comparison) => gateRow(result, pair, comparison)),
  );
}

function gateRow(result: Result, pair: PairResult, comparison: Comparison): string[] {
  const { estimate, interval } = change(comparison.estimate, comparison.lo, comparison.hi);
  const values = [pair.base, pair.head].map((name) => measured(slotMedian(result, name, comparison.metric)));
  return [labelWithUnit(comparison.metric), ...values, estimate, interval, verdictWords(comparison)];
}

/** Whatever else the report says, a fold for each question. */
function folds(result: Result, pairs: readonly PairResult[], drawings: readonly Block[]): Part[] {
  const { length: warnings } = result.warnings;
  const caveats = warnings === 0 ? 'Trust gates' : `Trust gates and ${plural(warnings, 'warning')}`;
  return [
    { name: 'more charts', blocks: drawings.length === 0 ? [] : [details('More charts', drawings)] },
    ...pairs.map((pair) =>
      fold(`All metrics of ${pairName(pair)}`, pairSections({ ...result, pairs: [pair] })),
    ),
    fold(caveats, [...gateSection(result), ...warningSection(result)]),
    fold('Cost per million invocations', costSection(result)),
    fold('Variants and cold starts', [
      ...variantSections(result),
      ...coldSection(result),
      ...memorySection(result),
    ]),
    fold('Where the time goes', [...attributionSection(result), ...networkSection(result)]),
    fold('Course of the run', [...soakSection(result), ...minutesSection(result)]),
    // These two come folded.
    { name: 'Method', blocks: methodSection(result) },
    { name: 'Provenance', blocks: provenanceSection(result) },
  ].filter((part) => part.blocks.length > 0);
}

function fold(summary: string, blocks: readonly Block[]): Part {
  return { name: summary, blocks: blocks.length === 0 ? [] : [details(summary, withoutPictures(blocks))] };
}

/** A run that has no result: it is going on, or ended before it had one. Raw text. */
export interface Notice {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly links: readonly WebLink[];
}

export function renderNotice({ title: headline, sentences, links }: Notice): string {
  return documentOf([heading(2, headline), ...sentences.map(paragraph), linkLine(links)]);
}

/** `result.json` of whoever, and all that is made of it. */
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { listed, slimmed } from '../../src/commands/site/kept.ts';
import { annotationsOf } from '../../src/publish/check.ts';
import { reportCharts, reportFiles } from '../../src/publish/report-files.ts';
import { checkPaths, KEPT_RESULT, reportFolder } from '../../src/publish/report-folder.ts';
import { hostileResult } from '../../src/publish/untrusted/hostile-result.ts';
import { chartFiles } from '../../src/report/charts/charts.ts';
import { COMMENT_BYTES, renderComment } from '../../src/report/comment.ts';
import { renderIndex } from '../../src/report/index-page.ts';
import { parseResult, serialize } from '../../src/report/json.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import type { Result } from '../../src/result.ts';
import { arbitraryResult } from '../../test/fixtures/arbitrary-result.ts';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { headAgainstBase } from '../../test/fixtures/head-against-base.ts';
import { hostile } from '../../test/fixtures/hostile.ts';
import { sweep } from '../../test/fixtures/sweep.ts';
import { damagedText } from '../damage.ts';
import { damagedJson } from '../damage-json.ts';
import { must, orRefusal, type Target, target } from '../target.ts';
import { namesIn } from './escape.ts';

const whole = () => fc.constantFrom(...[clearVerdict, headAgainstBase, hostile, sweep].map((make) => make()));

/** Longer than any run: as much as an artefact may hold. */
const long = () =>
  fc
    .tuple(
      fc.constantFrom(clearVerdict(), headAgainstBase()),
      fc.constantFrom(...LENGTHENED),
      fc.integer({ min: 1000, max: 100_000 }),
    )
    .map(([result, lengthen, times]) => lengthen(structuredClone(result), times));

const times = <T>(list: readonly T[], count: number): T[] =>
  list.length === 0 ? [] : Array.from({ length: count }, (_, index) => list[index % list.length]!);

const LENGTHENED: readonly ((result: Result, count: number) => unknown)[] = [
  (result, count) => ({ ...result, warnings: times([{ code: 'w', message: 'm', data: {} }], count) }),
  (result, count) => ({
    ...result,
    pairs: result.pairs.map((pair) => ({
      ...pair,
      comparisons: pair.comparisons.map((one) => ({
        ...one,
        blocks: times([{ block: 1, logRatio: 0.1 }], count / 10),
      })),
    })),
  }),
  (result, count) => ({
    ...result,
    variants: result.variants.map((one) => ({
      ...one,
      durationQuantiles: times([{ share: 0.5, ms: 1 }], count),
      perMinute: times(
        [{ minute: 1, requests: 1, errors: 0, p50: 1, p95: 2, p99: 3, maxMemoryMb: 1 }],
        count / 4,
      ),
    })),
  }),
  (result, count) => ({ ...result, design: { ...result.design, order: times([['python', 'rust']], count) } }),
];

export function resultTargets(): Target[] {
  return [
    target(
      'result-json',
      150,
      fc.oneof(damagedText(whole().map(serialize)), json(damagedJson(whole()))),
      canBeShown,
    ),
    target(
      'result-poisoned',
      20,
      fc.tuple(fc.integer({ min: 0, max: 200_000 }), poison()),
      async ([depth, key]) => {
        const deep = '['.repeat(depth) + ']'.repeat(depth);
        const text = serialize(clearVerdict()).replace('{', `{"deep": ${deep}, ${JSON.stringify(key)}: {},`);
        const commit = String(clearVerdict().provenance.commit);
        const taken = await orRefusal(() => hostileResult(text, commit));
        must(taken === null, 'no key of a prototype is hidden by what stands before it');
      },
    ),
    target('result-any', 6, arbitraryResult().map(serialize), canBeShown),
    target('result-long', 2, json(long()), async (text) => {
      const result = await orRefusal(() => parseResult(text));
      if (result !== null) rendered(result);
    }),
  ];
}

const poison = () => fc.constantFrom('__proto__', 'constructor', 'prototype');
const json = (tree: fc.Arbitrary<unknown>) => tree.map((value) => JSON.stringify(value) ?? '');

async function canBeShown(text: string): Promise<void> {
  await orRefusal(() => hostileResult(text, 'c'.repeat(40)));
  must(!('polluted' in {}), 'no prototype is changed');
  const result = await orRefusal(() => parseResult(text));
  if (result === null) return;
  const stored = serialize(result);
  must(serialize(parseResult(stored)) === stored, 'a stored result is read as it is');
  const { documents, drawings, terminal } = rendered(result);
  must(saysNothing(stored) || !saysNone(documents[0]!), 'a number that is none is not shown');
  for (const document of documents) isMarkdownOfOurs(document);
  for (const drawing of drawings) isDrawing(drawing);
  must(!/[^\P{Cc}\n]/u.test(terminal), 'a terminal is sent no escapes');
  for (const { title, message, path } of annotationsOf(result, 'warning'))
    must(!/\p{Cc}/u.test(title + message + path), 'an annotation is text');
  const folder = await orRefusal(() => reportFolder(result, null));
  must(folder === null || KEPT_RESULT.test(`${folder}/result.json`), 'a report stays in its folder');
}

/** Every way in which a result is shown. */
function rendered(result: Result) {
  const index = renderIndex([{ folder: 'reports/2026/x', result }], { older: 0 });
  const site = [listed(result), slimmed(result)].flatMap(chartFiles);
  const files = reportFiles(result);
  checkPaths(files);
  const contents = [...files, ...index, ...site].map(({ content }) => String(content));
  return {
    documents: [...contents.filter((content) => !content.startsWith('<svg')), commentOf(result)],
    drawings: contents.filter((content) => content.startsWith('<svg')),
    terminal: renderTerminal(result, { color: false, width: 80 }),
  };
}

const saysNone = (text: string) => /\b(NaN|undefined|Infinity|null)\b/.test(text);
/** A stranger may write these words; JSON itself writes null. */
const saysNothing = (stored: string) => saysNone(stored.replaceAll(/(?<=[:,[])null(?=[,}\]])/g, ''));

function commentOf(result: Result): string {
  const comment = renderComment(result, { links: [], charts: reportCharts(result), notes: [] });
  must(Buffer.byteLength(comment) <= COMMENT_BYTES, 'a comment is one that GitHub takes');
  return comment;
}

const OURS =
  /^<\/?(?:h[1-3]|p|strong|ul|li|a|details|summary|picture|table|thead|tbody|tr|t[hd](?: align="(?:left|right)")?)>$/;
const IMAGE =
  /^<(?:source media="\(prefers-color-scheme: dark\)" srcset|img alt="[^"<>]*" src)="[\w/.-]+\.svg"(?: width="600")?>$/;
const LINK = /^<a href="[\w/.-]+">$/;
/** Slow to parse, and no longer than this by anything but repetition. */
const PARSED = 300_000;

function isMarkdownOfOurs(markdown: string): void {
  must(!/[^\P{Cc}\n]/u.test(markdown), 'a report has no control characters');
  if (markdown.length > PARSED) return;
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const foreign = (html.match(/<[^>]*>?/g) ?? []).find(
    (tag) => !OURS.test(tag) && !IMAGE.test(tag) && !LINK.test(tag),
  );
  must(foreign === undefined, `a report has no markup but ours: ${foreign}`);
}

const DRAWN = ['svg', 'g', 'rect', 'line', 'circle', 'path', 'text', 'title'];

function isDrawing(svg: string): void {
  must(
    namesIn(svg).every((name) => DRAWN.includes(name)),
    'a chart draws marks only',
  );
  must(
    !/NaN|Infinity/.test(svg.replaceAll(/>[^<]*</g, '><').replaceAll(/aria-label="[^"]*"/g, '')),
    'a mark has a place',
  );
}

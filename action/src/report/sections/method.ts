/** How it was measured and judged: a sentence each for the reader without statistics, the terms for the one with. */
import { isMerged } from '../../compare/comparison.ts';
import { LOOKS } from '../../compare/early-stop.ts';
import { ALPHA, MIN_BLOCKS } from '../../compare/verdict.ts';
import type { Result } from '../../result.ts';
import { type Block, definitions, details } from '../blocks.ts';
import { count, given, plural, wallTime } from '../units.ts';
import { gatesOf, isImport, isLocal, isWidened, listed } from '../words.ts';

type Definition = readonly [term: string, explanation: string];

export function methodSection(result: Result): Block[] {
  return [
    details('Method: how this was measured and judged', [
      definitions([
        ...(isImport(result) ? importLayout(result) : layout(result)),
        ...(isLocal(result) ? [LOCAL_CLOUD] : []),
        ...judging(result),
      ]),
    ]),
  ];
}

const LOCAL_CLOUD: Definition = [
  'Local cloud',
  'Functions, load generator and the stand-ins for S3 and DynamoDB share one machine and talk plain HTTP over loopback: no network, no TLS. An execution environment is a process with a share of CPU by its memory as on Lambda (Limits under Provenance says how), and in no microVM. The share is kept over periods of tens of milliseconds: little memory slows a cold start, but no call that is shorter than its share of a period. Max Memory Used is the highest resident memory of the process.',
];

function layout({ design }: Result): Definition[] {
  if (design.profile === 'cold') return [coldLayout(design), ...looks(design)];
  const fresh = design.freshEnvironments
    ? `Every slot starts with new execution environments (a burst of ${plural(design.environments, 'invocation')})`
    : 'Execution environments are kept from slot to slot';
  return [
    ['Blocks', blocksOf(design)],
    [
      'Load',
      `${sentBy(design)}${given(design.rate)} requests a second arrive whether or not earlier ones were answered (open model); load lasted ${wallTime(design.loadSeconds)}. ${stagesOf(design)}Why this rate: ${design.rateReason}`,
    ],
    [
      'Environments',
      `${fresh}. Cold invocations and the first ${count(design.warmupInvocations)} after them are counted, shown under cold starts, and kept out of the warm metrics.`,
    ],
    ...looks(design),
  ];
}

function stagesOf(design: Result['design']): string {
  const { stages = [], rate } = design;
  if (stages.length === 0) return '';
  let passed = 0;
  const words = stages.map(({ share, rate: times, shape }) => {
    passed += share;
    const verb = shape === 'ramp' ? 'rising to ' : '';
    return `${verb}${given(times * rate)} a second until minute ${count((passed * plannedSeconds(design)) / 60)}`;
  });
  return `By plan the rate changes: ${words.join(', ')}. A block at another rate counts as much as any. `;
}

/** Of a run that ended before its time: how long it would have lasted. */
function plannedSeconds({ loadSeconds, partial, looks, blocks }: Result['design']): number {
  if (partial !== null) return partial.plannedMinutes * 60;
  return looks === null ? loadSeconds : (loadSeconds * blocks) / looks.endedAfter;
}

function blocksOf({ blocks, slotSeconds, turns, freshEnvironments }: Result['design']): string {
  const run = `The run is ${plural(blocks, 'block')}.`;
  if (turns === undefined)
    return `${run} In each, every variant runs once, for ${given(slotSeconds)} s (a slot), in an order drawn by a seeded coin. What disturbs the machine for longer than a block disturbs all variants alike, and largely cancels out.`;
  const { perBlock, seconds } = turns;
  const opened = freshEnvironments
    ? 'they open one after another, then are measured in turns'
    : 'they are measured in turns';
  return `${run} In each, every variant has a slot of ${given(slotSeconds)} s, in an order drawn by a seeded coin: ${opened} of ${given(seconds)} s, ${count(perBlock)} for each, in that order and back again. What disturbs the machine for longer than a few turns disturbs all variants alike, and largely cancels out.`;
}

function coldLayout(design: Result['design']): Definition {
  const explanation = `The run is ${plural(design.blocks, 'block')}. In each, every variant once has all its execution environments replaced and is then sent one request, in an order drawn by a seeded coin: each of its samples is the start of a new environment, and nothing else was measured. ${sentBy(design)}`;
  return ['Cold starts', explanation.trim()];
}

function sentBy({ request }: Result['design']): string {
  if (request === undefined) return '';
  const body =
    request.bodyBytes === 0 ? 'without a body' : `with a body of ${plural(request.bodyBytes, 'byte')}`;
  return `Every variant is sent ${request.method} ${request.path} ${body}. `;
}

function importLayout({ design, warnings }: Result): Definition[] {
  const load: Definition = ['Load', 'Rate, warm-up and order are whatever the imported runs were made with.'];
  if (!warnings.some(({ code }) => code === 'not-interleaved')) return [load];
  return [
    [
      'Blocks',
      `Each file was cut into blocks of ${given(design.slotSeconds)} s from its own start; the first block of one file is held against the first of the other, and so on. The runs were not interleaved: whatever changed between them (machine, network, time of day, version) counts as a difference of the variants, and no interval here covers it.`,
    ],
    load,
  ];
}

function looks({ looks, blocks }: Result['design']): Definition[] {
  if (looks === null) return [];
  return [
    [
      'Early stop',
      `The run might end after ${looks.afterBlocks.map(count).join(', ')} blocks, as declared before it, when every deciding metric was decided; it ended after ${count(looks.endedAfter)} of ${plural(blocks, 'block')}. The bound on p was ${eachLook(({ alpha }) => alpha)} in turn (O'Brien-Fleming), and equality needed an interval of ${eachLook(({ equalityLevel }) => 100 * equalityLevel)} %, so that looking thrice raises no more false alarms than looking once.`,
    ],
  ];
}

const eachLook = (of: (look: (typeof LOOKS)[number]) => number) =>
  listed(LOOKS.map((look) => String(of(look))));

function judging(result: Result): Definition[] {
  const claims = result.pairs.filter(({ control }) => !control);
  const gates = claims.flatMap(gatesOf).filter(({ p }) => p !== null).length;
  const alpha = result.pairs[0]?.comparisons[0]?.alpha ?? ALPHA;
  const controls = claims.length < result.pairs.length ? ', and each control by itself' : '';
  return [
    [
      'Estimate',
      'Each block gives one number per metric: ln(head / base) of the slot statistics (quantiles of type 7). The estimate is the median of the means of all pairs of blocks (Hodges-Lehmann), so that a few odd blocks do not move it. n is the number of blocks, not of requests: requests of one environment resemble each other and must not be counted as independent.',
    ],
    [
      '95 % CI',
      'The range of differences that the blocks cannot rule out: the Walsh averages cut off by the exact signed-rank distribution. If a run like this were repeated often, 95 % of such ranges would hold the true difference, provided that blocks are independent and scatter evenly about it. Each range is of its metric alone: Holm corrects p, not ranges.',
    ],
    [
      'p',
      `The probability of a result at least this uneven if there were no difference: exact two-sided Wilcoxon signed-rank test, zeros by Pratt. Holm's correction covers ${plural(gates, 'deciding metric')} over all pairs together${controls}; the metrics marked † are corrected among themselves.`,
    ],
    ...exceptions(result),
    [
      'Verdict',
      `In this order: insufficient data below ${MIN_BLOCKS} blocks or with an unbounded interval; no practical difference if the whole interval lies within the margin (2 % for p50, means and memory, else 5 %: up to 1.02 or 1.05 times as much either way), even if p is small; better or worse if the corrected p is at most ${alpha}; else inconclusive, with the difference that four of five such runs would have shown, were it the only one tested (1.43 times half the interval).`,
    ],
    [
      'Words',
      'Smaller is better for every metric. "3.1x less" is base / head = 3.1; "1.8x more" is head / base = 1.8; below 1.1x differences are told in percent of base.',
    ],
    [
      'Errors',
      "Failed, dropped and unmatched requests are counted in full and never filtered out. The interval of their difference is Newcombe's on n divided by the design effect, an approximation; p is the exact signed-rank test on rate differences per block.",
    ],
  ];
}

/** Where the interval and p of a metric are not those of every other; the terms are those of the column Method. */
function exceptions({ pairs }: Result): Definition[] {
  const methods = new Set<string>(
    pairs.flatMap((pair) =>
      pair.comparisons.flatMap((comparison) => [
        comparison.method,
        ...(isMerged(pair, comparison) ? ['merged-blocks'] : []),
      ]),
    ),
  );
  const widened = pairs.some(isWidened);
  return EXCEPTIONS.filter(([method]) => methods.has(method)).map(([method, text]) => [
    method,
    method === 'reused-environments' && widened ? `${text} ${WIDENED}` : text,
  ]);
}

const WIDENED =
  'Where the lag-1 autocorrelation rho of the blocks is beyond chance (above 1.645 / sqrt(n)), their variance is multiplied by 1 + 2 sum (1 - k / n) rho^k over k below n, which is right if each block remembers only the one before; rho has its bias taken back, and is at most 0.95.';

const EXCEPTIONS: readonly Definition[] = [
  [
    'reused-environments',
    "The same environments served several blocks, which therefore share their luck. The interval and p are not those above: the half-width is the root of the sum of two squares, that of the blocks and that of Welch's interval over one log statistic per environment; p is from Student's t with Welch's degrees of freedom. Where environments are few, they and not the many blocks decide how wide it is. Cold starts and memory have no verdict.",
  ],
  [
    'merged-blocks',
    'Adjacent blocks were merged until each had the requests that a p99 needs; n counts what they were merged into.',
  ],
  [
    'descriptive',
    'Too little was measured to judge: what is shown is of the whole run at once, without interval or verdict.',
  ],
];

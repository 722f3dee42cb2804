/** What `result.json` says of one pair: head against base, metric by metric. */
import { z } from 'zod';

const ratioBound = z.number().nullable().describe('null stands for an infinite bound');

const VERDICTS = [
  'better',
  'worse',
  'no practical difference',
  'inconclusive',
  'insufficient data',
  'not available',
] as const;

const ComparisonSchema = z
  .object({
    metric: z.string(),
    family: z
      .enum(['gate', 'detail'])
      .describe('gates decide and share one Holm family over all pairs; details have their own'),
    n: z.number().int().describe('blocks in which both arms gave a statistic'),
    droppedBlocks: z.number().int().describe('blocks left out because an arm was missing'),
    estimate: z
      .number()
      .nullable()
      .describe('Hodges-Lehmann estimate of ln(head / base); ratio = exp(estimate)'),
    lo: ratioBound.describe('95 % CI, lower bound of ln(head / base)'),
    hi: ratioBound.describe('95 % CI, upper bound of ln(head / base)'),
    p: z
      .number()
      .nullable()
      .describe(
        'exact Wilcoxon signed-rank p (Pratt zeros), two-sided; Welch t when environments are reused',
      ),
    pHolm: z.number().nullable().describe('p adjusted by Holm within its family'),
    margin: z.number().describe('ln(1 + practical margin)'),
    alpha: z
      .number()
      .describe(
        'Holm p that a difference needed: 0.05, or what the look allows at which an early-stopping run ended',
      ),
    verdict: z.enum(VERDICTS),
    beyondMargin: z.boolean().describe('the CI clears the margin on the side of the verdict'),
    smallestDetectable: z
      .number()
      .nullable()
      .describe('ln ratio that this run could have detected: 1.43 x half-width'),
    pSlower: z
      .number()
      .nullable()
      .describe(
        'within-block P(head observation > base observation), ties half, averaged over blocks; null for means and bills',
      ),
    ratioOfMeans: z
      .number()
      .nullable()
      .describe('head mean / base mean over all observations, for readers who expect it'),
    autocorrelation: z.number().nullable().describe('lag-1 autocorrelation of the block log-ratios'),
    inflation: z
      .number()
      .optional()
      .describe(
        'what the variance of the blocks was multiplied by for their autocorrelation; absent where nothing allows for it',
      ),
    method: z.enum(['signed-rank', 'reused-environments', 'merged-blocks', 'descriptive']),
    blocks: z
      .array(z.object({ block: z.number().int(), logRatio: z.number() }))
      .describe('the block log-ratios themselves'),
  })
  .describe('one metric of one pair');

const ErrorComparisonSchema = z
  .object({
    base: z.object({
      errors: z.number().int(),
      requests: z.number().int(),
      rate: z.number().nullable(),
      designEffect: z.number(),
    }),
    head: z.object({
      errors: z.number().int(),
      requests: z.number().int(),
      rate: z.number().nullable(),
      designEffect: z.number(),
    }),
    difference: z.number().nullable().describe('head rate - base rate'),
    lo: z.number().nullable().describe('approximate 95 % CI: Newcombe on n / design effect'),
    hi: z.number().nullable(),
    p: z.number().nullable().describe('exact signed-rank on per-block rate differences'),
    upperBound: z
      .number()
      .nullable()
      .describe('95 % upper bound of the larger rate when neither arm had an error; else null'),
  })
  .describe('errors of one pair; never filtered out of anything');

const NoiseSchema = z
  .object({
    clean: z
      .boolean()
      .nullable()
      .describe('no gate metric was called better or worse; null when too little was measured to call any'),
    differing: z.array(z.object({ metric: z.string(), estimate: z.number().describe('ln(head / base)') })),
    floor: z
      .array(
        z.object({
          metric: z.string(),
          estimate: z.number().describe('ln(head / base) of two runs of the same code'),
          bound: z
            .number()
            .nullable()
            .describe('largest |ln ratio| in the 95 % CI; null stands for infinite'),
        }),
      )
      .describe('measured noise of every gate metric: smaller differences mean nothing in this run'),
  })
  .describe('what a control pair says of the run');

export const PairResultSchema = z.object({
  base: z.string(),
  head: z.string(),
  control: z
    .boolean()
    .describe('both artefacts are identical (SHA-256): an A/A run that measures the noise floor'),
  noise: NoiseSchema.nullable().describe('null unless the pair is a control'),
  comparisons: z.array(ComparisonSchema),
  errors: ErrorComparisonSchema,
  ioFloor: z
    .array(
      z.object({
        floorMs: z.number().describe('assumed network and service time added to both arms, ms'),
        ratio: z.number().nullable().describe('base / head Duration p50 if each had this much more I/O wait'),
      }),
    )
    .describe('what the local ratio would be behind a network; empty on AWS'),
});

export type PairResult = z.infer<typeof PairResultSchema>;
export type Comparison = z.infer<typeof ComparisonSchema>;
export type ErrorComparison = z.infer<typeof ErrorComparisonSchema>;
export type Verdict = Comparison['verdict'];

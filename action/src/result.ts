/**
 * `result.json`: everything a report shows, field by field with units. The schema is the documentation: the JSON Schema
 * in `action/result.schema.json` is generated from here, and every result is checked against it before it is written.
 * A number that is unknown is null, never 0, never NaN.
 */
import { z } from 'zod';

const ratioBound = z.number().nullable().describe('null stands for an infinite bound');

export const WarningSchema = z.object({
  code: z.string().describe('stable identifier, e.g. environments-reused'),
  message: z.string().describe('one sentence with the numbers in it'),
  data: z.record(z.string(), z.union([z.number(), z.string()])),
});

export const VERDICTS = [
  'better',
  'worse',
  'no practical difference',
  'inconclusive',
  'insufficient data',
  'not available',
] as const;

const SummarySchema = z
  .object({
    metric: z.string().describe('metric id, see METRICS in compare/metrics.ts, e.g. duration.p50'),
    n: z
      .number()
      .int()
      .describe('observations pooled over the run: warm requests, or environments for cold.* and memory.*'),
    value: z.number().nullable().describe('pooled statistic in the unit of the metric; null when n is 0'),
    slots: z.number().int().describe('slots that gave a statistic of their own'),
    slotMedian: z.number().nullable().describe('median over slots of the per-slot statistic'),
    slotSpread: z.number().nullable().describe('interquartile range over slots of the per-slot statistic'),
  })
  .describe('one metric of one variant, descriptive');

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

const CostSchema = z
  .object({
    currency: z.literal('USD'),
    region: z.string(),
    pricesDated: z.string().describe('ISO date of the price table'),
    pricesSource: z.string(),
    coldShare: z.number().describe('share of invocations taken as cold, 0..1'),
    perMillion: z
      .object({
        compute: z.number().describe('warm Billed Duration x memory x price per GB-s'),
        init: z
          .number()
          .nullable()
          .describe(
            'what cold invocations add: init and slower first call, at the cold share; null, and in no sum, when none was seen',
          ),
        requests: z.number(),
        s3: z.number().describe('one PUT an invocation'),
        dynamodb: z.number().describe('one write request unit an invocation'),
        logs: z.number().describe('log ingestion of the platform records'),
        lambda: z.number().describe('compute + init + requests'),
        total: z.number(),
      })
      .describe('USD per million invocations'),
  })
  .describe('what a million invocations cost, every component in it');

const AttributionSchema = z
  .object({
    clientMs: z.number().describe('mean client latency'),
    networkMs: z.number().describe('client latency - Duration: network, gateway, generator'),
    s3Ms: z.number(),
    dynamodbMs: z.number(),
    ownMs: z.number().describe('Duration - s3 - dynamodb: own compute and runtime'),
    cpuMs: z
      .number()
      .nullable()
      .describe('function CPU an invocation; null where the platform does not tell'),
  })
  .describe('where the time goes: means over warm requests, ms; parts add up to clientMs');

const ColdSchema = z.object({
  n: z.number().int().describe('environments started'),
  initMs: z.object({ p50: z.number(), p95: z.number(), max: z.number() }).nullable(),
  firstCallMs: z.object({ p50: z.number(), p95: z.number(), max: z.number() }).nullable(),
  totalMs: z
    .object({ p50: z.number(), p95: z.number(), max: z.number() })
    .nullable()
    .describe('init + first call'),
  starts: z
    .array(
      z.object({
        initMs: z.number().describe('Init Duration'),
        firstCallMs: z.number().nullable().describe('Duration of the first call; null when it was not seen'),
      }),
    )
    .optional()
    .describe('the starts themselves in their order, at most 250 spread evenly; older results lack it'),
});

export const ArtifactSchema = z.object({
  sha256: z.string(),
  zippedBytes: z.number().int(),
  unzippedBytes: z.number().int(),
  buildSeconds: z.number().describe('wall seconds of the build that made it'),
  tools: z.record(z.string(), z.string()),
  flags: z.array(z.string()),
});

const SoakSchema = z
  .object({
    minutes: z
      .number()
      .int()
      .describe(
        "minutes with warm requests at the run's most common rate, which drift and steps are looked for in",
      ),
    course: z
      .enum(['steady', 'drift', 'steps'])
      .describe(
        'what ln(Duration p50) did; of drift and steps that both pass the one with the smaller residual sum of squares, each parameter paid for',
      ),
    trend: z
      .object({
        percentPerHour: z.number().describe('Theil-Sen slope of Duration p50'),
        lo: z.number().describe('95 % CI, corrected for autocorrelation'),
        hi: z.number(),
        p: z.number().describe('Mann-Kendall, its variance corrected for autocorrelation'),
        rho: z.number().describe('lag-1 autocorrelation of the residuals, bias-corrected, 0..0.95'),
      })
      .describe('drift of the whole run'),
    steps: z
      .array(
        z.object({
          minute: z.number().int().describe('first minute of the new level'),
          shift: z.number().describe('ln ratio of the mean level after to before'),
          t: z.number().describe('|t| of the split, deflated for autocorrelation; above 3.55'),
        }),
      )
      .describe('change points of at least 3 % with 10 minutes on both sides'),
    warmUpMinutes: z.number().int().describe('what MSER-5 would cut off the start, beyond the fixed discard'),
    memory: z
      .object({
        environments: z.number().int().describe('environments seen in at least five slots'),
        growing: z
          .number()
          .int()
          .describe('of them, those whose Max Memory Used has a positive Theil-Sen slope'),
        shrinking: z.number().int(),
        medianMbPerHour: z.number().nullable().describe('median slope; null without such environments'),
        p: z.number().nullable().describe('sign test across environments, two-sided'),
      })
      .describe('growth of memory while an environment lives'),
    errorBursts: z
      .array(
        z.object({
          minute: z.number().int(),
          errors: z.number().int(),
          expected: z.number().describe('mean errors of the other minutes'),
        }),
      )
      .describe('minutes with at least three errors and more than chance scatters (Poisson, Bonferroni 1 %)'),
  })
  .describe('the course of a long run, by Duration; of an import by client latency');

export const VariantResultSchema = z.object({
  name: z.string(),
  cellOf: z.string().optional().describe("of a cell of a sweep: the config's variant it is a cell of"),
  build: z.string().nullable().default(null).describe('build kind, e.g. python; null for an import'),
  runtime: z.string().nullable().describe('null for an import'),
  architecture: z.string().nullable().describe('null for an import'),
  memoryMb: z.number().nullable().describe('null for an import'),
  artifact: ArtifactSchema.nullable().describe('null for an import'),
  requests: z.number().int().describe('all requests sent: cold, warm-up and failed ones included'),
  errors: z.number().int(),
  dropped: z.number().int().describe('arrivals that found no free virtual user'),
  unmatched: z.number().int().describe('answered requests without a platform record'),
  warmRequests: z.number().int().describe('requests the latency metrics rest on'),
  throughput: z.number().nullable().describe('successful requests a second inside the measured windows'),
  environments: z.number().int().describe('execution environments that served it'),
  environmentsPerSlot: z.object({ min: z.number().int(), median: z.number() }),
  summaries: z.array(SummarySchema),
  durationQuantiles: z
    .array(z.object({ share: z.number().describe('0..1'), ms: z.number() }))
    .optional()
    .describe(
      'how Duration is distributed: quantiles (type 7) over all warm requests, ascending; older results lack it',
    ),
  cold: ColdSchema,
  attribution: AttributionSchema.nullable(),
  cost: CostSchema.nullable(),
  perMinute: z
    .array(
      z.object({
        minute: z.number().int().describe('minutes from the start of load'),
        requests: z.number().int(),
        errors: z.number().int(),
        p50: z.number().nullable().describe('Duration p50, ms, warm requests; of an import client latency'),
        p95: z.number().nullable(),
        p99: z.number().nullable(),
        maxMemoryMb: z.number().nullable(),
      }),
    )
    .describe('the run minute by minute'),
  soak: SoakSchema.nullable().describe('null for a run of fewer than 20 steady minutes'),
});

const NoiseSchema = z
  .object({
    clean: z.boolean().describe('no gate metric was called better or worse'),
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

const StandingSchema = z
  .object({
    cell: z.string().describe('the cell with the smallest value'),
    level: z.array(z.string()).describe('cells without a practical difference from it'),
    beaten: z.array(z.string()).describe('cells that it is better than'),
    undecided: z.array(z.string()).describe('cells that this run cannot tell from it'),
  })
  .nullable()
  .describe('null when no cell was measured');

const SweepSchema = z
  .object({
    variant: z.string(),
    cells: z.array(
      z.object({
        name: z.string(),
        memoryMb: z.number(),
        architecture: z.string(),
        durationMs: z.number().nullable().describe('median over slots of Duration p50, ms'),
        billUsd: z.number().nullable().describe('whole bill per million invocations, USD'),
        beatenBy: z
          .string()
          .nullable()
          .describe(
            'a cell that is better in one of the two and not worse in the other; null on the Pareto front',
          ),
      }),
    ),
    fastest: StandingSchema,
    cheapest: StandingSchema,
  })
  .describe('one variant over memory sizes and architectures; Holm over all cells of all variants');

export const ResultSchema = z.object({
  schemaVersion: z.literal(1),
  provenance: z.object({
    createdAt: z.string().describe('ISO 8601, UTC'),
    commit: z.string().nullable().describe('git commit of the sources; null outside a git work tree'),
    dirty: z.boolean().describe('the work tree had uncommitted changes'),
    base: z
      .object({
        ref: z.string().describe('git name of the base as it was asked for'),
        commit: z.string(),
        unchanged: z.array(z.string()).describe('variants whose package is the same in base and head'),
      })
      .nullable()
      .default(null)
      .describe('the commit that head is compared with, variant by variant; null for none'),
    target: z.object({
      kind: z.enum(['local', 'aws', 'scripted', 'import']),
      label: z.string(),
      region: z.string().nullable(),
      limits: z.string(),
    }),
    machine: z
      .object({ cpu: z.string(), cores: z.number().int(), memoryMb: z.number(), os: z.string() })
      .nullable()
      .describe('null for an import: what ran it is not known'),
    tools: z.record(z.string(), z.string()).describe('every server, client and toolchain by version'),
    config: z.object({
      path: z.string().describe('relative to the repository, or `default`'),
      sha256: z.string().nullable(),
    }),
    lockfiles: z.record(z.string(), z.string()).describe('SHA-256 by relative path'),
    imports: z
      .array(
        z.object({
          variant: z.string(),
          file: z.string().describe('name without its folder'),
          format: z.enum(['json', 'csv']),
          bytes: z.number().int().describe('size on disk'),
          startedAt: z.string().describe('end of its first request, ISO 8601, UTC'),
          seconds: z.number().describe('from the end of its first request to the end of its last one'),
          unreadableLines: z.number().int(),
        }),
      )
      .default([])
      .describe('outputs of another load generator that the result was made of; empty for a run of our own'),
  }),
  design: z.object({
    profile: z.string(),
    seed: z.number().int().nullable().describe('null for an import, whose order nobody drew'),
    blocks: z.number().int(),
    slotSeconds: z.number(),
    freshEnvironments: z.boolean(),
    environments: z.number().int().describe('size of the burst that opens a slot'),
    warmupInvocations: z.number().int(),
    rate: z.number().describe('requests a second in measured windows, before stage multipliers'),
    rateReason: z.string(),
    pilotMs: z.record(z.string(), z.number()),
    request: z
      .object({
        method: z.string(),
        path: z.string(),
        bodyBytes: z.number().int().describe('0 for a request without a body'),
      })
      .optional()
      .describe('what every variant was sent; absent: GET / without a body'),
    order: z.array(z.array(z.string())).describe('variants in the order they ran, block by block'),
    startedAt: z.string(),
    loadSeconds: z.number(),
    looks: z
      .object({
        afterBlocks: z.array(z.number().int()).describe('when the run might end, declared before it'),
        endedAfter: z.number().int().describe('blocks after which it ended'),
      })
      .nullable()
      .default(null)
      .describe("O'Brien-Fleming looks of an early-stopping run; null for a run that is judged once"),
    partial: z
      .object({
        minutes: z.number().int().describe('whole minutes of load that were recorded'),
        plannedMinutes: z.number().int(),
        plannedBlocks: z.number().int(),
      })
      .nullable()
      .default(null)
      .describe('of a run that was killed and reported from its journal; null for a run that ended'),
    shards: z
      .number()
      .int()
      .nullable()
      .default(null)
      .describe('load generators whose requests were merged; null for one'),
  }),
  gates: z
    .array(
      z.object({
        id: z.string(),
        passed: z.boolean(),
        observed: z.number().nullable(),
        limit: z.number(),
        unit: z.string(),
        message: z.string().describe('one sentence: what it protects, what was seen, what to do'),
      }),
    )
    .describe('conditions under which the numbers may be believed, e.g. the generator was not saturated'),
  variants: z.array(VariantResultSchema),
  pairs: z.array(PairResultSchema),
  sweeps: z.array(SweepSchema).optional().describe('absent when nothing was swept'),
  warnings: z.array(WarningSchema),
});

export type Result = z.infer<typeof ResultSchema>;
export type VariantResult = z.infer<typeof VariantResultSchema>;
export type PairResult = z.infer<typeof PairResultSchema>;
export type Comparison = z.infer<typeof ComparisonSchema>;
export type Summary = z.infer<typeof SummarySchema>;
export type ErrorComparison = z.infer<typeof ErrorComparisonSchema>;
export type Cost = z.infer<typeof CostSchema>;
export type Attribution = z.infer<typeof AttributionSchema>;
export type Soak = z.infer<typeof SoakSchema>;
export type Sweep = z.infer<typeof SweepSchema>;
export type Standing = NonNullable<Sweep['fastest']>;
export type Gate = Result['gates'][number];
export type Verdict = (typeof VERDICTS)[number];

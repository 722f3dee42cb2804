/** What `result.json` says of one variant, field by field with units. */
import { z } from 'zod';
import { SoakSchema } from './soak.ts';

const SummarySchema = z
  .object({
    metric: z.string().describe('metric id, see METRICS in compare/metrics.ts, e.g. duration.p50'),
    n: z
      .number()
      .int()
      .describe(
        'observations pooled over the run: warm requests; starts for cold.*; each environment of each slot for memory.*',
      ),
    value: z.number().nullable().describe('pooled statistic in the unit of the metric; null when n is 0'),
    slots: z.number().int().describe('slots that gave a statistic of their own'),
    slotMedian: z.number().nullable().describe('median over slots of the per-slot statistic'),
    slotSpread: z.number().nullable().describe('interquartile range over slots of the per-slot statistic'),
  })
  .describe('one metric of one variant, descriptive');

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
            'what cold invocations add: init and slower first call, with SnapStart the charge per restore too, at the cold share; null, and in no sum, when none was seen',
          ),
        requests: z.number(),
        s3: z.number().describe('one PUT an invocation; 0 where no slot has the time of all its calls'),
        dynamodb: z
          .number()
          .describe('one write request unit an invocation; 0 where no slot has the time of all its calls'),
        logs: z.number().describe('log ingestion of the platform records'),
        lambda: z.number().describe('compute + init + requests'),
        total: z.number(),
      })
      .describe('USD per million invocations'),
    snapshotPerHour: z
      .number()
      .optional()
      .describe('of a variant with SnapStart: USD an hour that its snapshot is kept for, in no sum'),
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
        initMs: z.number().describe('Init Duration; with SnapStart Restore Duration'),
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

export const VariantResultSchema = z.object({
  name: z.string(),
  cellOf: z.string().optional().describe("of a cell of a sweep: the config's variant it is a cell of"),
  build: z.string().nullable().default(null).describe('build kind, e.g. python; null for an import'),
  runtime: z.string().nullable().describe('null for an import'),
  architecture: z.string().nullable().describe('null for an import'),
  memoryMb: z.number().nullable().describe('null for an import'),
  snapStart: z
    .boolean()
    .optional()
    .describe('environments were restored from snapshots (SnapStart); absent: they were initialised'),
  artifact: ArtifactSchema.nullable().describe('null for an import'),
  requests: z.number().int().describe('all requests sent: cold, warm-up and failed ones included'),
  errors: z.number().int(),
  dropped: z.number().int().describe('arrivals that found no free virtual user'),
  unmatched: z.number().int().describe('answered requests without a platform record'),
  warmRequests: z.number().int().describe('requests the latency metrics rest on'),
  throughput: z.number().nullable().describe('warm requests a second of the measured windows'),
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

export type VariantResult = z.infer<typeof VariantResultSchema>;
export type Summary = z.infer<typeof SummarySchema>;
export type Cost = z.infer<typeof CostSchema>;
export type Attribution = z.infer<typeof AttributionSchema>;

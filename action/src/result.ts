/**
 * `result.json`: everything a report shows, field by field with units. The schema is the documentation: the JSON Schema
 * in `action/result.schema.json` is generated from here, and every result is checked against it before it is written.
 * A number that is unknown is null, never 0, never NaN.
 */
import { z } from 'zod';
import { PairResultSchema } from './result/pair.ts';
import { DesignSchema, ProvenanceSchema } from './result/run.ts';
import { SweepSchema } from './result/sweep.ts';
import { VariantResultSchema } from './result/variant.ts';

export type { Comparison, ErrorComparison, PairResult, Verdict } from './result/pair.ts';
export type { Soak } from './result/soak.ts';
export type { Standing, Sweep } from './result/sweep.ts';
export type { Attribution, Cost, Summary, VariantResult } from './result/variant.ts';

export const WarningSchema = z.object({
  code: z.string().describe('stable identifier, e.g. environments-reused'),
  message: z.string().describe('one sentence with the numbers in it'),
  data: z.record(z.string(), z.union([z.number(), z.string()])),
});

export const ResultSchema = z.object({
  schemaVersion: z.literal(1),
  provenance: ProvenanceSchema,
  design: DesignSchema,
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
export type Gate = Result['gates'][number];

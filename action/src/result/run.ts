/** What `result.json` says of where its numbers are from, and of the plan that they were taken by. */
import { z } from 'zod';

export const ProvenanceSchema = z.object({
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
    path: z.string().describe('relative to the repository; `not known` for an import'),
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
});

export const DesignSchema = z.object({
  profile: z.string(),
  seed: z.number().int().nullable().describe('null for an import, whose order nobody drew'),
  blocks: z.number().int(),
  slotSeconds: z.number(),
  turns: z
    .object({
      perBlock: z.number().int().describe('of each variant'),
      seconds: z.number().describe('length of one'),
    })
    .optional()
    .describe(
      'how the variants of a block were measured in turns; absent where each was measured in one piece',
    ),
  freshEnvironments: z.boolean(),
  environments: z.number().int().describe('size of the burst that opens a slot'),
  warmupInvocations: z.number().int(),
  rate: z.number().describe('requests a second in measured windows, before stage multipliers'),
  stages: z
    .array(
      z.object({
        share: z.number().describe('of the load, 0..1'),
        rate: z.number().describe('times the rate, at its end'),
        shape: z.enum(['ramp', 'hold']),
      }),
    )
    .optional()
    .describe('how the rate changed while load lasted; absent where it did not, and in older results'),
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
    .describe('load generators whose requests were merged; null for a run that had one'),
});

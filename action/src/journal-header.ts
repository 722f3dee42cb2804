import { z } from 'zod';
import { ConfigError } from './errors.ts';
import type { Header } from './partial.ts';
import { ArtifactSchema } from './result/variant.ts';
import { ResultSchema, WarningSchema } from './result.ts';

const text = z.string();
const count = z.int().nonnegative();
const texts = z.record(text, text);

/** What else an object has is kept: these are the parts that a report is made of. */
const VariantSchema = z.looseObject({
  ...{ name: text, source: text, build: text, runtime: text, handler: text, cellOf: text.optional() },
  ...{ architecture: z.enum(['x86_64', 'arm64']), memoryMb: z.int().positive(), timeoutSeconds: z.number() },
  environment: texts,
});

const ProfileSchema = z.looseObject({
  name: z.enum(['smoke', 'pr', 'thorough', 'soak', 'cold']),
  ...{ blocks: count, slotSeconds: z.number().positive(), environments: count, warmupInvocations: count },
  freshEnvironments: z.boolean(),
});

const ConfigSchema = z.looseObject({
  file: z.object({ path: text, sha256: text }),
  variants: z.array(VariantSchema).min(1),
  pairs: z.array(z.object({ base: text, head: text })),
  ...{ baseRef: text.nullable(), earlyStop: z.boolean(), seed: count, profile: ProfileSchema },
  request: z.object({ method: text, path: text, headers: texts, body: text.nullable() }).optional(),
  shard: z.object({ index: z.int().positive(), count: z.int().positive() }).nullable(),
  ...{ coldShare: z.number(), region: text },
});

const HeaderSchema = z.object({
  built: z
    .object({
      config: ConfigSchema,
      artifacts: z.array(ArtifactSchema.extend({ variant: VariantSchema, path: text, reused: z.boolean() })),
      base: z.object({ ref: text, commit: text, unchanged: z.array(text) }).nullable(),
    })
    .refine(({ config, artifacts }) => {
      const made = artifacts.map(({ variant }) => variant.name);
      return config.variants.every(({ name }) => made.includes(name));
    }, 'a variant has no artefact'),
  target: z.object({
    kind: z.enum(['local', 'aws', 'scripted']),
    ...{ label: text, region: text.nullable(), limits: text, tools: texts, warnings: z.array(WarningSchema) },
  }),
  provenance: ResultSchema.shape.provenance,
  warnings: z.array(WarningSchema).default([]),
});

/** @throws ConfigError for what is not the header that a run wrote */
export function headerOf(value: unknown): Header {
  const parsed = HeaderSchema.safeParse(value);
  if (parsed.success) return parsed.data as unknown as Header;
  throw new ConfigError(
    `The journal does not say what was run:\n${z.prettifyError(parsed.error)}`,
    'Give the folder of a run as it was left, made by this version; else the run has to be made again.',
  );
}

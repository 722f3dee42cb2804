/** What a journal's files must say: they may come from the disk of a machine that crashed, or from another machine. */
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import type { Invocation, Slot } from '../model.ts';
import { WarningSchema } from '../result.ts';
import type { Standing } from './replay.ts';

const count = z.int().nonnegative();
const amount = z.number().nonnegative().max(Number.MAX_SAFE_INTEGER);
/** ms, of an epoch or a load: dates of four-digit years. */
const time = z.number().nonnegative().max(Date.UTC(10_000, 0));

const StandingSchema = z.object({
  slots: z
    .array(
      z.object({
        ...{ block: count, position: count, variant: z.string() },
        ...{ startMs: time, measureMs: time, endMs: time, measuredMs: time, rate: amount },
      }),
    )
    .min(1)
    .refine(followsThePlan, 'slots are not laid out as a plan is, block by block'),
  stoppedAtLook: count.nullable(),
  ...{ startMs: time, endMs: time, unreadableLines: count, warnings: z.array(WarningSchema) },
  rateChoice: z.object({
    ...{ rate: z.number(), by: z.enum(['config', 'pilot']), reason: z.string() },
    pilotMs: z.record(z.string(), z.number()),
  }),
  cpuBusy: z.number().nullable(),
  isComplete: z.boolean().default(false),
});

const InvocationSchema = z.object({
  ...{ requestId: z.string(), variant: z.string(), environmentId: z.string(), timeMs: z.number() },
  status: z.enum(['success', 'error', 'timeout']),
  errorType: z.string().nullable(),
  ...{ durationMs: amount, billedDurationMs: amount, initDurationMs: amount.nullable() },
  ...{ memorySizeMb: amount, maxMemoryUsedMb: amount, cpuMs: amount.nullable() },
});

type Place = Pick<Slot, 'block' | 'position' | 'startMs' | 'measureMs' | 'endMs' | 'measuredMs'>;

/** As `schedule` lays them out: what is drawn of a run's order relies on it. */
function followsThePlan(slots: readonly Place[]): boolean {
  return slots.every((slot, at) => {
    const before = slots[at - 1] ?? { block: -1, position: 0, startMs: 0, measureMs: 0, endMs: 0 };
    const isNext = slot.block === before.block && slot.position === before.position + 1;
    const opens = slot.block === before.block + 1 && slot.position === 0;
    const isTogether = slot.measureMs === before.measureMs && slot.endMs === before.endMs;
    const earliestMs = isNext ? before.startMs : before.endMs;
    const inTime = earliestMs <= slot.startMs && slot.startMs <= slot.measureMs;
    const isShare = slot.measureMs + slot.measuredMs <= slot.endMs;
    return (isNext ? isTogether : opens) && inTime && isShare;
  });
}

/** @throws ConfigError when it is not how a load stands */
export function standingOf(value: unknown): Standing {
  const parsed = StandingSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    `The journal does not say how the load stands:\n${z.prettifyError(parsed.error)}`,
    'Give the folder of a run as it was left; if its disk is damaged, the run has to be made again.',
  );
}

/** Null for a line that is damaged: its request is then one without a platform record, and counted as such. */
export function recordOf(line: string): Invocation | null {
  try {
    return InvocationSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

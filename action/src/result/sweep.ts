/** What `result.json` says of one variant over memory sizes and architectures. */
import { z } from 'zod';

const StandingSchema = z
  .object({
    cell: z.string().describe('the cell with the smallest value'),
    level: z.array(z.string()).describe('cells without a practical difference from it'),
    beaten: z.array(z.string()).describe('cells that it is better than'),
    undecided: z.array(z.string()).describe('cells that this run cannot tell from it'),
  })
  .nullable()
  .describe('null when no cell was measured');

export const SweepSchema = z
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

export type Sweep = z.infer<typeof SweepSchema>;
export type Standing = NonNullable<Sweep['fastest']>;

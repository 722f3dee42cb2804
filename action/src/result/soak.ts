/** What `result.json` says of the course of a long run, per variant. */
import { z } from 'zod';

export const SoakSchema = z
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
        medianMbPerHour: z.number().nullable().describe('median slope; null without such environments'),
      })
      .describe('growth of memory while an environment lives; a high-water mark, which cannot fall'),
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

export type Soak = z.infer<typeof SoakSchema>;

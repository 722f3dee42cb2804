import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import type { SlotSamples } from '../model.ts';
import { PairResultSchema } from '../result/pair.ts';
import { VariantResultSchema } from '../result/variant.ts';
import { WarningSchema } from '../result.ts';
import { type CompareInput, compare } from './compare.ts';
import { codesOf, comparisonOf, runOf, variantNamed, withDurations } from './fixture.ts';

/** What compare answers, in the shape that result.json has; zod refuses NaN and infinity. */
const AnalysisSchema = z.object({
  variants: z.array(
    VariantResultSchema.omit({ runtime: true, architecture: true, memoryMb: true, artifact: true }),
  ),
  pairs: z.array(PairResultSchema),
  warnings: z.array(WarningSchema),
});
const parses = (input: CompareInput) => AnalysisSchema.parse(compare(input));
const verdicts = (input: CompareInput) => compare(input).pairs[0]!.comparisons.map(({ verdict }) => verdict);

describe('samples that are no numbers of time', () => {
  it.each([
    ['NaN', Number.NaN],
    ['negative', -1],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('%s ones are taken out, counted and told', (_, bad) => {
    const input = runOf({
      blocks: 8,
      headScale: 2,
      mend: (slot) =>
        withDurations(
          slot,
          slot.warm.durationMs.map((ms, i) => (i === 0 ? bad : ms)),
        ),
    });
    const analysis = parses(input);
    expect(analysis.variants[0]!.warmRequests).toBe(8 * 39);
    expect(analysis.warnings).toContainEqual(
      expect.objectContaining({
        code: 'unusable-observations',
        data: { count: 16, columns: 0, environments: 0 },
      }),
    );
    expect(comparisonOf(input, 'duration.p50').verdict).toBe('worse');
  });

  it('zero is a time, but a block whose statistic is zero has no ratio', () => {
    const input = runOf({
      blocks: 9,
      headScale: 1,
      mend: (slot) => (slot.block < 2 ? withDurations(slot, [0, 0, 0]) : slot),
    });
    expect(comparisonOf(input, 'duration.p50')).toMatchObject({
      n: 7,
      droppedBlocks: 2,
      verdict: 'insufficient data',
    });
    parses(input);
  });

  it('an optional column with a bad value is unknown for its slot', () => {
    const input = runOf({
      blocks: 8,
      headScale: 1,
      mend: (slot) => ({ ...slot, warm: { ...slot.warm, cpuMs: slot.warm.cpuMs.map(() => Number.NaN) } }),
    });
    expect(comparisonOf(input, 'cpu.mean').verdict).toBe('not available');
    const { variants, warnings } = parses(input);
    expect(variants[0]!.attribution!.cpuMs).toBeNull();
    const { message, data } = warnings.find(({ code }) => code === 'unusable-observations')!;
    expect(data).toEqual({ count: 0, columns: 16, environments: 0 });
    expect(message).toContain('16 columns of a slot');
  });

  it('an odd amount of an environment is not known, and counted', () => {
    const input = runOf({
      blocks: 8,
      headScale: 1,
      mend: (slot) => ({
        ...slot,
        environments: slot.environments.map((one, i) => (i === 0 ? { ...one, maxMemoryMb: -1 } : one)),
      }),
    });
    expect(parses(input).warnings).toContainEqual(
      expect.objectContaining({ data: { count: 0, columns: 0, environments: 16 } }),
    );
  });
});

describe('missing samples', () => {
  it('one arm empty: no verdict, no NaN', () => {
    const input = runOf({
      blocks: 10,
      headScale: 1,
      mend: (slot) => (slot.variant === 'head' ? withDurations(slot, []) : slot),
    });
    parses(input);
    expect(comparisonOf(input, 'duration.p50')).toMatchObject({
      n: 0,
      droppedBlocks: 10,
      verdict: 'not available',
    });
  });

  it('no slot at all', () => {
    const input = {
      ...runOf({ blocks: 8, headScale: 1 }),
      collected: { slots: [] },
      run: { slots: [], startMs: 0 },
    };
    parses(input);
    expect(new Set(verdicts(input))).toEqual(new Set(['not available']));
    expect(codesOf(input)).toContain('too-few-blocks');
  });

  it('all samples equal: no practical difference', () => {
    const input = runOf({
      blocks: 8,
      headScale: 1,
      mend: (slot) => withDurations(slot, new Float64Array(30).fill(7)),
    });
    parses(input);
    expect(comparisonOf(input, 'duration.p50')).toMatchObject({
      estimate: 0,
      p: 1,
      verdict: 'no practical difference',
    });
  });
});

describe('a run that is not one', () => {
  const good = runOf({ blocks: 8, headScale: 1 });

  it('two variants with one name', () => {
    const variants = ['base', 'base'].map(variantNamed);
    expect(() => compare({ ...good, config: { ...good.config, variants } })).toThrow(ConfigError);
  });

  it('a pair that names no variant, or one twice', () => {
    const of = (base: string) => () =>
      compare({ ...good, config: { ...good.config, pairs: [{ base, head: 'head' }] } });
    expect(of('nobody')).toThrow(/"nobody", which is no variant/);
    expect(of('head')).toThrow(/with itself/);
  });

  it('more blocks than the exact test can hold', () => {
    const many = Array.from({ length: 1001 }, (_, block) => ({ ...good.collected.slots[0]!, block }));
    expect(() => compare({ ...good, collected: { slots: many } })).toThrow(/1001 blocks/);
  });

  it.each<[string, (slot: SlotSamples) => SlotSamples]>([
    ['counts that are none', (slot) => ({ ...slot, requests: Number.NaN })],
    ['more errors than requests', (slot) => ({ ...slot, errors: slot.requests + 1 })],
    [
      'columns of different lengths',
      (slot) => ({ ...slot, warm: { ...slot.warm, clientMs: new Float64Array(1) } }),
    ],
  ])('%s are a defect of ours, and say where', (_, mend) => {
    expect(() => compare(runOf({ blocks: 8, headScale: 1, mend }))).toThrow(/slot of base in block 0/);
  });

  it('a slot given twice', () => {
    const slots = [...good.collected.slots, good.collected.slots[0]!];
    expect(() => compare({ ...good, collected: { slots } })).toThrow(/Two slots hold block 0 of base/);
  });

  it('a clock that goes backwards keeps every request, in the first minute', () => {
    const input = runOf({ blocks: 8, headScale: 1, mend: (slot) => ({ ...slot, startMs: -slot.startMs }) });
    expect(parses(input).variants[0]!.perMinute.reduce((sum, row) => sum + row.requests, 0)).toBe(8 * 44);
  });
});

describe('whatever the samples', () => {
  const odd = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(Number.NaN, 0, -0, -1, Number.POSITIVE_INFINITY, 1e-300, 1e300) },
    { weight: 3, arbitrary: fc.double({ min: 0, max: 1e6, noNaN: true }) },
  );
  const slotValues = fc.record({
    durations: fc.array(odd, { maxLength: 8 }),
    cold: fc.option(odd),
    memory: fc.option(odd),
    id: fc.constantFrom('a', 'b', 'own'),
    errors: fc.nat(48),
  });

  it('the answer fits the schema, so it holds no NaN and no infinity', () => {
    fc.assert(
      fc.property(
        fc.array(slotValues, { minLength: 1, maxLength: 24 }),
        fc.boolean(),
        (values, sameArtefact) => {
          const mend = (slot: SlotSamples): SlotSamples => {
            const { durations, cold, memory, id, errors } =
              values[(2 * slot.block + slot.position) % values.length]!;
            const [environment] = slot.environments;
            const environments = [
              {
                ...environment!,
                id: id === 'own' ? environment!.id : id,
                initMs: cold,
                firstBilledMs: cold,
                maxMemoryMb: memory,
              },
            ];
            return {
              ...withDurations(slot, durations),
              environments,
              errors: Math.min(errors, slot.requests),
            };
          };
          parses(runOf({ blocks: 9, headScale: 1, requests: 44, sameArtefact, mend }));
        },
      ),
      { numRuns: 150 },
    );
  });
});

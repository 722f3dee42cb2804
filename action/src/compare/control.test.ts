import { describe, expect, it } from 'vitest';
import type { SlotSamples } from '../model.ts';
import { compare } from './compare.ts';
import { runOf, withDurations } from './fixture.ts';

describe('a control', () => {
  const control = (mend?: (slot: SlotSamples) => SlotSamples) =>
    runOf({ blocks: 12, headScale: 1, sameArtefact: true, ...(mend && { mend }) });

  it('is the same artefact under two names, and measures the noise floor', () => {
    const [pair] = compare(control()).pairs;
    expect(pair).toMatchObject({ control: true, noise: { clean: true, differing: [] } });
    expect(pair!.noise!.floor.map(({ metric }) => metric)).toContain('duration.p50');
    expect(pair!.noise!.floor[0]!.bound).toBeGreaterThan(0);
    expect(pair!.noise!.floor[0]!.bound).toBeLessThan(0.02);
  });

  it('is neither clean nor dirty when no metric that decides has a verdict', () => {
    const [pair] = compare(runOf({ blocks: 5, headScale: 1, sameArtefact: true })).pairs;
    expect(pair).toMatchObject({ control: true, noise: { clean: null, differing: [] } });
  });

  it('is none when the same artefact runs another handler', () => {
    const input = control();
    const variants = input.config.variants.map((variant, at) => ({ ...variant, handler: `h${at}.handler` }));
    expect(compare({ ...input, config: { ...input.config, variants } }).pairs[0]!.control).toBe(false);
  });

  it('is dirty when the same artefact differs by itself, and then no verdict is to be trusted', () => {
    const input = control((slot) =>
      slot.variant === 'head'
        ? withDurations(
            slot,
            slot.warm.durationMs.map((ms) => 1.2 * ms),
          )
        : slot,
    );
    expect(compare(input).pairs[0]!.noise).toMatchObject({ clean: false });
    const warning = compare(input).warnings.find(({ code }) => code === 'control-dirty');
    expect(warning!.message).toMatch(/No verdict .* duration\.p50 \(\+2\d\.\d %\)/);
  });

  it('is none when only one of the two has SnapStart', () => {
    const input = control();
    const [base, head] = input.config.variants;
    const variants = [base!, { ...head!, snapStart: true }];
    expect(compare({ ...input, config: { ...input.config, variants } }).pairs[0]!.control).toBe(false);
  });

  it('is none when memory or architecture differ', () => {
    const input = control();
    const [base, head] = input.config.variants;
    const variants = [base!, { ...head!, memoryMb: 2048 }];
    expect(compare({ ...input, config: { ...input.config, variants } }).pairs[0]!.control).toBe(false);
  });
});

import { expect, it } from 'vitest';
import { now } from '../clock.ts';
import type { LoadRun, Slot } from '../model.ts';
import { lookOnSchedule, OUTPUT_DELAY_MS } from './interim.ts';

it('looks in a gap when the last request before it can have been answered', async () => {
  const edges = [0, 100, OUTPUT_DELAY_MS + 200, OUTPUT_DELAY_MS + 300];
  const slots = edges.slice(0, -1).map((startMs, block): Slot => {
    const [endMs, measuredMs] = [edges[block + 1]!, edges[block + 1]! - startMs];
    return { block, position: 0, variant: 'a', startMs, measureMs: startMs, endMs, measuredMs, rate: 1 };
  });
  const looks = { afterBlocks: [1], decided: async () => true };
  const gapMs = slots[2]!.startMs;
  const startMs = now() - gapMs + 100;
  let lookedMs = 0;
  const soFar = () => {
    lookedMs = now() - startMs;
    return {} as LoadRun;
  };
  await lookOnSchedule(looks, slots, startMs, soFar, new AbortController().signal);
  expect(lookedMs).toBeGreaterThan(gapMs + 50);
});

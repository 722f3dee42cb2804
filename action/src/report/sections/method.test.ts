import { expect, it } from 'vitest';
import { threeVariants } from '../../../test/fixtures/three-variants.ts';
import type { Result } from '../../result.ts';
import { methodSection } from './method.ts';

const methodOf = (more: Partial<Result['design']>) => {
  const result = threeVariants();
  return methodSection({ ...result, design: { ...result.design, ...more } }).join('\n');
};

it('tells the stages of a load by the minutes of its plan, also of one that was ended before its time', () => {
  const [quarter, end] = ['rising to 40 a second until minute 6', '80 a second until minute 24'];
  for (const design of [
    { loadSeconds: 1440 },
    { loadSeconds: 300, partial: { minutes: 5, plannedMinutes: 24, plannedBlocks: 240 } },
    { loadSeconds: 480, looks: { afterBlocks: [80, 160, 240], endedAfter: 80 } },
  ])
    for (const words of [quarter, end]) expect(methodOf(design)).toContain(words);
});

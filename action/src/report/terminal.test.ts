import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryResult } from '../../test/fixtures/arbitrary-result.ts';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { dirtyControl } from '../../test/fixtures/dirty-control.ts';
import { headAgainstBase } from '../../test/fixtures/head-against-base.ts';
import { hostile } from '../../test/fixtures/hostile.ts';
import { threeVariants } from '../../test/fixtures/three-variants.ts';
import { wantsColour } from './style.ts';
import { renderTerminal } from './terminal.ts';

const FIXTURES = {
  'clear-verdict': clearVerdict,
  'three-variants': threeVariants,
  hostile,
  'dirty-control': dirtyControl,
  'head-against-base': headAgainstBase,
};
const ESCAPE = '\u001b';

describe.each(Object.entries(FIXTURES))('the summary of %s', (name, fixture) => {
  it('is, byte for byte, the golden file at 80 columns', async () => {
    await expect(renderTerminal(fixture(), { color: false, width: 80 })).toMatchFileSnapshot(
      `../../test/golden/${name}.txt`,
    );
  });

  it.each([60, 80, 120])('fits %d columns', (width) => {
    const lines = renderTerminal(fixture(), { color: false, width }).split('\n');
    expect(lines.filter((line) => [...line].length > width)).toEqual([]);
  });
});

describe('colours', () => {
  it.each([
    [true, { isTTY: true }, {}],
    [true, { isTTY: true }, { NO_COLOR: '' }],
    [false, { isTTY: true }, { NO_COLOR: '1' }],
    [false, { isTTY: true }, { TERM: 'dumb' }],
    [false, {}, {}],
  ])('are wanted (%s) on %j with %j', (wanted, stream, env) => {
    expect(wantsColour(stream, env)).toBe(wanted);
  });

  it('are there only when asked for', () => {
    expect(renderTerminal(clearVerdict(), { color: false, width: 80 })).not.toContain(ESCAPE);
    expect(renderTerminal(clearVerdict(), { color: true, width: 80 })).toContain(`${ESCAPE}[32m`);
  });

  it('change nothing but colour', () => {
    const colored = renderTerminal(dirtyControl(), { color: true, width: 80 });
    const bare = colored
      .split(ESCAPE)
      .map((part, i) => (i === 0 ? part : part.replace(/^\[\d+m/, '')))
      .join('');
    expect(bare).toBe(renderTerminal(dirtyControl(), { color: false, width: 80 }));
  });
});

it('shows any result without escapes of its own and without a number that is none', () => {
  fc.assert(
    fc.property(arbitraryResult(), fc.integer({ min: -1, max: 200 }), (result, width) => {
      const shown = renderTerminal(result, { color: false, width });
      expect(shown).not.toMatch(/NaN|undefined|Infinity|null/);
      expect(shown).not.toMatch(/[^\P{Cc}\n]/u);
    }),
    { numRuns: 150 },
  );
});

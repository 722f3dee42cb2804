import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryResult } from '../../test/fixtures/arbitrary-result.ts';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { ConfigError, DuelError } from '../errors.ts';
import type { Result } from '../result.ts';
import { parseResult, serialize } from './json.ts';

function failure(text: string): DuelError {
  try {
    parseResult(text);
  } catch (error) {
    if (error instanceof DuelError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('serialize', () => {
  it('is, byte for byte, the golden file', async () => {
    await expect(serialize(clearVerdict())).toMatchFileSnapshot('../../test/golden/clear-verdict.json');
  });

  it('gives the same bytes whatever the order of keys', () => {
    const reversed = JSON.parse(JSON.stringify(clearVerdict()), (_, value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ) as Result;
    expect(serialize(reversed)).toBe(serialize(clearVerdict()));
  });

  it('begins with the version and ends with a newline', () => {
    expect(serialize(clearVerdict())).toMatch(/^\{\n {2}"schemaVersion": 1,\n[\s\S]*\}\n$/);
  });

  it('keeps whole numbers exact and six digits of others', () => {
    const result = clearVerdict();
    result.design.seed = 123456789012;
    result.design.rate = 1 / 3;
    const { seed, rate } = parseResult(serialize(result)).design;
    expect({ seed, rate }).toEqual({ seed: 123456789012, rate: 0.333333 });
  });

  it('refuses to write what the schema does not allow', () => {
    const result = clearVerdict();
    result.design.rate = Number.NaN;
    expect(() => serialize(result)).toThrow(/rate/);
  });

  it('writes what it has read unchanged', () => {
    fc.assert(
      fc.property(arbitraryResult(), (result) => {
        const stored = serialize(result);
        expect(serialize(parseResult(stored))).toBe(stored);
      }),
      { numRuns: 100 },
    );
  });
});

describe('parseResult', () => {
  it('names every field that is wrong and where it stands', () => {
    const broken = JSON.parse(serialize(clearVerdict()));
    broken.pairs[0].comparisons[2].verdict = 'splendid';
    delete broken.design.seed;
    const error = failure(JSON.stringify(broken));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain('pairs[0].comparisons[2].verdict');
    expect(error.message).toContain('design.seed');
    expect(error.remedy).toContain('result.json');
  });

  it('says which version it reads when it is given another', () => {
    const error = failure('{"schemaVersion": 2}');
    expect(error.message).toBe('The result has schemaVersion 2; this program reads schemaVersion 1.');
    expect(error.remedy).toContain('version of Lambda Duel that wrote it');
  });

  it.each(['', '{', 'null', '[]', '"x"', '{}'])('refuses %j with a remedy', (text) => {
    expect(failure(text).remedy).not.toBe('');
  });
});

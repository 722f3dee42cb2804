import { describe, expect, it } from 'vitest';
import { headAgainstBase } from '../../../test/fixtures/head-against-base.ts';
import { baseNote, opening } from './opening.ts';

describe('the note on the base', () => {
  it('names what was not compared with it, which would else look as if it had passed', () => {
    const { variants, pairs, ...rest } = headAgainstBase();
    const renamed = {
      ...rest,
      variants: variants.filter(({ name }) => name !== 'python-base'),
      pairs: pairs.filter(({ base }) => base !== 'python-base'),
    };
    expect(baseNote(renamed).join()).toMatch(/Without a base, .*: python\.$/);
  });

  it('says nothing of it when all were', () => {
    expect(baseNote(headAgainstBase()).join()).not.toContain('Without a base');
  });
});

describe('the opening', () => {
  it('says of a local run, and of no other, that it knows nothing of AWS', () => {
    const result = headAgainstBase();
    const { provenance } = result;
    const local = { ...provenance, target: { ...provenance.target, kind: 'local' as const } };
    expect(opening({ ...result, provenance: local }).join()).toContain('knows nothing of AWS');
    expect(opening(result).join()).not.toContain('knows nothing of AWS');
  });
});

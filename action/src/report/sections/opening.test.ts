import { describe, expect, it } from 'vitest';
import { headAgainstBase } from '../../../test/fixtures/head-against-base.ts';
import { gateSection } from './gates.ts';
import { baseNote, opening, trustLine } from './opening.ts';
import { variantSections } from './variants.ts';

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

describe('trust gates', () => {
  it('are not counted as passed where there was nothing to observe', () => {
    const result = headAgainstBase();
    const gates = result.gates.map((gate, at) => (at === 0 ? { ...gate, observed: null } : gate));
    const [unseen] = gates;
    expect(trustLine({ ...result, gates })).toMatch(
      new RegExp(`^Trust gates passed: 1 of 2, not observed: ${unseen!.id}\\.`),
    );
    expect(gateSection({ ...result, gates }).join()).toContain(`| ${unseen!.id} | not observed |`);
    expect(gateSection(result).join()).not.toContain('not observed');
  });
});

it('names beside a runtime what ran instead', () => {
  const result = headAgainstBase();
  const { runtime } = result.variants[0]!;
  const warning = { code: 'runtime-not-emulated', message: '', data: { runtime: runtime!, ran: '3.11.7' } };
  expect(variantSections({ ...result, warnings: [warning] }).join()).toContain(
    `${runtime} x86_64, ran on 3.11.7`,
  );
  expect(variantSections(result).join()).not.toContain('ran on');
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { provenance } from '../../test/fixtures/result-builder.ts';
import { freeFolder, KEPT_RESULT, reportFolder } from './report-folder.ts';

const named = (createdAt: string, commit: string | null, profile: string) => {
  const result = clearVerdict();
  return { ...result, provenance: provenance({ createdAt, commit }), design: { ...result.design, profile } };
};

describe('the folder of a report', () => {
  it('tells date, commit and profile', () => {
    const result = named('2026-11-24T10:00:00.000Z', '0edaf1af4d88', 'soak');
    expect(reportFolder(result, null)).toBe('reports/2026/2026-11-24-0edaf1a-soak');
    expect(reportFolder(result, 12)).toBe('reports/pr-12/2026-11-24-0edaf1a-soak');
    expect(reportFolder(named('2026-11-24T10:00:00Z', null, 'pr'), null)).toMatch(/-nocommit-pr$/);
  });

  it('stays below reports/ whatever commit and profile claim to be', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (commit, profile) => {
        const folder = reportFolder(named('2026-11-24T10:00:00Z', commit, profile), 3);
        expect(`${folder}/result.json`).toMatch(KEPT_RESULT);
        expect(folder.split('/')).toHaveLength(3);
      }),
    );
  });

  it('refuses a time that is none', () => {
    expect(() => reportFolder(named('../../x', null, 'pr'), null)).toThrow(/no ISO 8601 time/);
  });

  it('is numbered when it is taken', () => {
    expect(freeFolder('a', new Set(['a', 'a-2']))).toBe('a-3');
  });
});

import { describe, expect, it } from 'vitest';
import { comparison, pair, result, variant } from '../../../test/fixtures/result-builder.ts';
import type { Result } from '../../result.ts';
import { coldChart } from '../charts/cold.ts';
import { renderMarkdown } from '../markdown.ts';

/** Two shapes of one function, one of them with SnapStart, and another function. */
function withSnapStart(snapStart = true): Result {
  const usual = { runtime: 'python3.13', build: 'python' };
  const plain = variant('plain', 3, usual);
  const cost = { ...plain.cost!, snapshotPerHour: 0.0093574 };
  const quick = variant('quick', 2, { ...usual, ...(snapStart && { snapStart, cost }) });
  const colder = (base: string, head: string) =>
    pair(base, head, [comparison('cold.total', -0.5, 0.05, 'better')]);
  const pairs = [colder('plain', 'quick'), colder('plain', 'other')];
  return result([plain, quick, variant('other', 1)], pairs);
}

describe('a report of a variant with SnapStart', () => {
  const report = renderMarkdown(withSnapStart());
  const section = (heading: string) => report.split('\n## ').find((part) => part.startsWith(heading)) ?? '';

  it('says so in its provenance and beside its runtime', () => {
    expect(report).toMatch(/^\| SnapStart +\| on for quick +\|$/m);
    expect(section('Variants')).toMatch(/^\| quick +\| python3\.13 x86_64, SnapStart +\|/m);
    expect(section('Variants')).toMatch(/^\| plain +\| python3\.13 x86_64 +\|/m);
  });

  it('says what a cold start is made of in each pair that it is a side of', () => {
    const note = 'Cold start of plain: init + first call; of quick: restore (SnapStart) + first call.';
    expect(section('quick against plain')).toContain(note);
    expect(section('other against plain')).not.toContain('Cold start of');
  });

  it('says what its restores stand for, and does not blame them on compiling', () => {
    const cold = section('Cold starts');
    expect(cold).toContain('SnapStart is on for quick: environments are restored from a snapshot');
    expect(cold).toContain('Total is restore plus first call.');
    expect(cold).toContain('Packages of plain hold source without bytecode');
    expect(coldChart(withSnapStart())[0]?.alt).toMatch(/plain init: .*; quick restore: .*; other init: /);
  });

  it('tells what keeping its snapshot costs, which is in no sum', () => {
    const kept = /is in no sum, .*: quick 0\.00936 USD an hour for each published version/;
    expect(section('Cost')).toMatch(kept);
  });

  it('is as ever where nothing has it', () => {
    expect(renderMarkdown(withSnapStart(false))).not.toMatch(/SnapStart|restore/i);
  });
});

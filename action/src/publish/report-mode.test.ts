import { describe, expect, it } from 'vitest';
import { PublishError } from '../errors.ts';
import { type KeepingMode, targetOf } from './report-mode.ts';

const branchRun = { defaultBranch: 'main', dataBranch: 'benchmark-reports', pullRequest: null };
const pullRun = { ...branchRun, pullRequest: { number: 7, headBranch: 'faster' } };
const folder = 'reports/2026/2026-11-20-0123456-pr';
const branchOf = (mode: KeepingMode, origin = branchRun as typeof pullRun | typeof branchRun) =>
  targetOf(mode, folder, origin).branch;

describe('where a report goes', () => {
  it('follows the mode for a run of a branch', () => {
    expect(branchOf('branch')).toBe('benchmark-reports');
    expect(branchOf('main')).toBe('main');
    expect(targetOf('pull-request', folder, branchRun)).toEqual({
      branch: 'lambda-duel/2026-11-20-0123456-pr',
      startFrom: 'main',
      opensPullRequestInto: 'main',
    });
  });

  it.each(['branch', 'main', 'pull-request'] as const)(
    'is the data branch for a pull request, even in mode %s',
    (mode) => {
      expect(branchOf(mode, pullRun)).toBe('benchmark-reports');
    },
  );

  it('is never the head of the pull request', () => {
    const own = { ...pullRun, pullRequest: { number: 7, headBranch: 'benchmark-reports' } };
    expect(() => targetOf('branch', folder, own)).toThrow(PublishError);
    expect(() => targetOf('branch', folder, own)).toThrow(/head of pull request 7/);
  });
});

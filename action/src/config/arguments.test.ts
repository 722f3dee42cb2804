import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { faultOf } from './config.fixture.ts';

describe('the command line', () => {
  it('means the pr profile when bare', () => {
    expect(parseArguments([])).toMatchObject({
      profile: 'pr',
      config: null,
      out: null,
      seed: null,
      json: false,
    });
  });

  it('names an unknown option and shows the usage', () => {
    const fault = faultOf(() => parseArguments(['--profil', 'smoke']));
    expect(fault.message).toContain('--profil');
    expect(fault.remedy).toContain('Usage: npm run bench');
    expect(fault.exitCode).toBe(2);
  });

  it('reports all wrong values at once', () => {
    const { message } = faultOf(() =>
      parseArguments(['--profile', 'quick', '--seed', '1.5', '--variants', ',']),
    );
    expect(message).toContain('"quick"');
    expect(message).toContain('--seed');
    expect(message).toContain('--variants names no variant');
  });
});

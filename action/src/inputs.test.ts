import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ConfigError } from './errors.ts';
import { readInputs } from './inputs.ts';

const ACTION = parse(readFileSync(join(import.meta.dirname, '../action.yml'), 'utf8')) as {
  inputs: Record<string, { default: string }>;
};

function inputs(given: Record<string, string> = {}) {
  const values: Record<string, string> = { 'github-token': 'secret-token', ...given };
  const read: string[] = [];
  const result = readInputs((name) => {
    read.push(name);
    return values[name] ?? ACTION.inputs[name]?.default ?? '';
  });
  return { result, read };
}

function faults(given: Record<string, string>): string {
  try {
    inputs(given);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('nothing was refused');
}

describe('the inputs', () => {
  it('are those of action.yml, no more and no fewer', () => {
    const { read } = inputs();
    expect([...new Set(read)].sort()).toEqual(Object.keys(ACTION.inputs).sort());
  });

  it('become the arguments of the terminal command', () => {
    const { result } = inputs({
      profile: 'smoke',
      base: 'main',
      variants: 'python,rust',
      seed: '7',
      control: 'true',
    });
    expect(result.arguments).toMatchObject({
      profile: 'smoke',
      base: 'main',
      variants: ['python', 'rust'],
      seed: 7,
      control: true,
      earlyStop: false,
    });
  });

  it('have defaults that need no account', () => {
    expect(inputs().result).toMatchObject({
      arguments: { target: 'local' },
      region: null,
      roleToAssume: null,
      failOn: 'regression',
      reportMode: 'none',
      comment: true,
      check: true,
    });
  });

  it('are refused together, each with what was given and what is allowed', () => {
    const message = faults({
      profile: 'quick',
      target: 'azure',
      comment: 'yes',
      seed: 'x',
      'budget-usd': '0',
    });
    expect(message.split('\n')).toHaveLength(6);
    expect(message).toContain('profile "quick" is unknown; there are smoke, pr, thorough, soak.');
    expect(message).toContain('target "azure" is unknown; there are local, aws.');
    expect(message).toContain('comment is "yes"; it must be true or false.');
    expect(message).not.toContain('--');
  });

  it.each([
    ['role-to-assume', 'arn:aws:iam::12:role/x'],
    ['role-to-assume', 'my-role'],
    ['aws-region', 'Frankfurt'],
    ['name', '<!-- x -->'],
    ['name', 'a--b'],
    ['report-branch', '--force'],
    ['report-branch', 'a..b'],
    ['report-branch', 'refs/heads/x.lock'],
    ['budget-usd', '1e9'],
  ])('refuse %s %j', (name, value) => {
    expect(faults({ [name]: value })).toMatch(new RegExp(`${name} (is )?${JSON.stringify(value)}`));
  });

  it.each([
    ['role-to-assume', 'arn:aws:iam::123456789012:role/duel-setup-run'],
    ['role-to-assume', 'arn:aws-us-gov:iam::123456789012:role/path/name'],
    ['aws-region', 'ap-southeast-2'],
    ['aws-region', 'us-gov-west-1'],
    ['name', 'benchmark arm64'],
    ['report-branch', 'reports/data'],
    ['budget-usd', '0.50'],
  ])('take %s %j', (name, value) => {
    expect(() => inputs({ [name]: value })).not.toThrow();
  });

  it('never show a token, however wrong it is', () => {
    const message = faults({ 'github-token': 'secret with spaces' });
    expect(message).toContain('github-token');
    expect(message).not.toContain('secret');
  });
});

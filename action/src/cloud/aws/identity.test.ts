import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { claimsOf, subjectForms } from './oidc-refused.ts';
import { checkedRegion } from './region.ts';
import { sessionName } from './session-name.ts';

describe('checkedRegion', () => {
  it.each(['us-east-1', 'ap-southeast-2', 'us-gov-west-1', 'il-central-1'])('takes %s', (region) => {
    expect(checkedRegion(region)).toBe(region);
  });

  it.each(['', 'useast1', 'us-east-1a', 'US-EAST-1', 'us-east-1.example.org/'])('refuses "%s"', (region) => {
    expect(() => checkedRegion(region)).toThrow(ConfigError);
  });
});

describe('sessionName', () => {
  it('carries repository, run and attempt', () => {
    expect(sessionName({ repository: 'octo/duel', runId: '77', attempt: 2 })).toBe('duel-octo-duel-77-2');
  });

  it('keeps to what STS allows, and keeps the run when it must be cut', () => {
    const name = sessionName({ repository: `ö/${'x'.repeat(100)}`, runId: '77', attempt: 2 });
    expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
    expect(name).toMatch(/-77-2$/);
  });
});

describe('subjectForms', () => {
  const claims = {
    ...{ aud: 'sts.amazonaws.com', repository: 'octo/duel', repository_id: '22' },
    ...{ repository_owner: 'octo', repository_owner_id: '11' },
  };

  it('gives the other form of either form', () => {
    const [classic, carrying] = ['repo:octo/duel:pull_request', 'repo:octo@11/duel@22:pull_request'];
    expect(subjectForms({ ...claims, sub: classic })).toEqual([classic, carrying]);
    expect(subjectForms({ ...claims, sub: carrying })).toEqual([carrying, classic]);
  });

  it('leaves a customised subject alone', () => {
    expect(subjectForms({ ...claims, sub: 'repository_id:22' })).toEqual(['repository_id:22']);
  });
});

describe('claimsOf', () => {
  it.each(['', 'a.b.c', 'no token', `x.${Buffer.from('null').toString('base64url')}.y`])(
    'gives null for "%s"',
    (token) => expect(claimsOf(token)).toBeNull(),
  );
});

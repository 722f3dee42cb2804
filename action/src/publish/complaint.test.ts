import { describe, expect, it } from 'vitest';
import { complaint } from './complaint.ts';

const refused = (status: number, message: string) =>
  complaint('Opening a pull request', 'pull-requests', Object.assign(new Error(message), { status }));

describe('what GitHub refused', () => {
  it('by a setting of the repository is not blamed on the permissions of the job', () => {
    const { remedy } = refused(403, 'GitHub Actions is not permitted to create or approve pull requests.');
    expect(remedy).toContain('Settings, Actions, General');
    expect(remedy).not.toContain('permissions:');
  });

  it('because of a rate limit is not blamed on them either', () => {
    for (const status of [403, 429]) {
      const { fact, remedy } = refused(status, 'API rate limit exceeded for installation.');
      expect(fact).toContain('rate limit');
      expect(remedy).not.toContain('permissions:');
    }
  });

  it('because something is blocked is not called a locked conversation', () => {
    const message = 'Resource protected by organization SAML enforcement; this token is blocked.';
    expect(refused(403, message).fact).toContain('may not (403');
    expect(refused(403, 'Unable to create comment because issue is locked.').fact).toContain('is locked');
  });

  it('for want of a permission names it', () => {
    expect(refused(403, 'Resource not accessible by integration').remedy).toContain(
      'permissions: pull-requests: write',
    );
  });
});

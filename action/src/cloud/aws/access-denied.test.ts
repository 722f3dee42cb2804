import { describe, expect, it } from 'vitest';
import { DeployError } from '../../errors.ts';
import { explained } from './access-denied.ts';

const PERMISSION = {
  action: 'logs:FilterLogEvents',
  resource: 'arn:aws:logs:*:*:log-group:/lambda-duel/*',
};

function refusal(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

describe('explained', () => {
  it.each(['AccessDenied', 'AccessDeniedException'])('names action and statement on %s', (name) => {
    const error = explained(refusal(name), PERMISSION);
    expect(error).toBeInstanceOf(DeployError);
    expect(error).toMatchObject({
      message: `AWS denied ${PERMISSION.action} on ${PERMISSION.resource}.`,
      remedy: expect.stringContaining(
        `{"Effect":"Allow","Action":"${PERMISSION.action}","Resource":"${PERMISSION.resource}"}`,
      ),
      cause: expect.any(Error),
    });
  });

  it('believes AWS when it names another action and resource', () => {
    const message =
      'User: arn:aws:sts::123456789012:assumed-role/duel/run-1 is not authorized to perform: kms:Decrypt on resource: ' +
      'arn:aws:kms:us-east-1:123456789012:key/1 because no identity-based policy allows the kms:Decrypt action';
    expect(explained(refusal('AccessDeniedException', message), PERMISSION)).toMatchObject({
      message: expect.stringContaining('AWS denied kms:Decrypt on arn:aws:kms:us-east-1:123456789012:key/1.'),
      remedy: expect.stringContaining('"Action":"kms:Decrypt"'),
    });
  });

  it('tells expired credentials from unknown ones, and neither from a missing permission', () => {
    expect(explained(refusal('ExpiredTokenException'), PERMISSION)).toMatchObject({
      message: 'AWS refused logs:FilterLogEvents: the credentials have expired (ExpiredTokenException).',
    });
    expect(explained(refusal('UnrecognizedClientException'), PERMISSION)).toMatchObject({
      message: expect.stringContaining('does not know the credentials'),
    });
  });

  it('has nothing to say of any other failure', () => {
    expect(explained(refusal('ResourceNotFoundException'), PERMISSION)).toBeNull();
    expect(explained('a string', PERMISSION)).toBeNull();
  });
});

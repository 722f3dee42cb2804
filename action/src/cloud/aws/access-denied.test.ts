import { describe, expect, it } from 'vitest';
import { DeployError } from '../../errors.ts';
import { permitted } from './access-denied.ts';

const PERMISSION = {
  action: 'logs:FilterLogEvents',
  resource: 'arn:aws:logs:*:*:log-group:/lambda-duel/*',
};

function refusal(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

async function failed(error: unknown): Promise<unknown> {
  return permitted(PERMISSION, () => Promise.reject(error)).catch((thrown: unknown) => thrown);
}

describe('permitted', () => {
  it('gives back what the call gives', async () => {
    expect(await permitted(PERMISSION, async () => 7)).toBe(7);
  });

  it.each(['AccessDenied', 'AccessDeniedException'])('names action and statement on %s', async (name) => {
    const error = await failed(refusal(name));
    expect(error).toBeInstanceOf(DeployError);
    expect(error).toMatchObject({
      message: `AWS denied ${PERMISSION.action} on ${PERMISSION.resource}.`,
      remedy: expect.stringContaining(
        `{"Effect":"Allow","Action":"${PERMISSION.action}","Resource":"${PERMISSION.resource}"}`,
      ),
      cause: expect.any(Error),
    });
  });

  it('believes AWS when it names another action and resource', async () => {
    const message =
      'User: arn:aws:sts::123456789012:assumed-role/duel/run-1 is not authorized to perform: kms:Decrypt on resource: ' +
      'arn:aws:kms:us-east-1:123456789012:key/1 because no identity-based policy allows the kms:Decrypt action';
    expect(await failed(refusal('AccessDeniedException', message))).toMatchObject({
      message: expect.stringContaining('AWS denied kms:Decrypt on arn:aws:kms:us-east-1:123456789012:key/1.'),
      remedy: expect.stringContaining('"Action":"kms:Decrypt"'),
    });
  });

  it('tells expired credentials from unknown ones, and neither from a missing permission', async () => {
    expect(await failed(refusal('ExpiredTokenException'))).toMatchObject({
      message: 'AWS refused logs:FilterLogEvents: the credentials have expired (ExpiredTokenException).',
    });
    expect(await failed(refusal('UnrecognizedClientException'))).toMatchObject({
      message: expect.stringContaining('does not know the credentials'),
    });
  });

  it('leaves every other failure as it came', async () => {
    const other = refusal('ResourceNotFoundException');
    expect(await failed(other)).toBe(other);
    expect(await failed('a string')).toBe('a string');
  });
});

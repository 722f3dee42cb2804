import { describe, expect, it } from 'vitest';
import { CollectError, DeployError } from '../../errors.ts';
import { explainRefusal } from './refusal.ts';

const CREATE = { clientName: 'CloudFormationClient', commandName: 'CreateStackCommand' };
const FILTER = { clientName: 'CloudWatchLogsClient', commandName: 'FilterLogEventsCommand' };

/** As the SDK throws it when it has given up. */
const failure = (name: string, status: number, message: string) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status, attempts: 8 } });

describe('a call that AWS did not serve', () => {
  it('says that it was throttled, and how often', () => {
    const error = explainRefusal(failure('Throttling', 400, 'Rate exceeded'), CREATE);
    expect(error).toBeInstanceOf(DeployError);
    expect(error).toMatchObject({
      message: 'AWS throttled cloudformation:CreateStack 8 times (Throttling: Rate exceeded).',
    });
  });

  it('says that there was no answer, and what there was instead', () => {
    expect(explainRefusal(failure('ServiceUnavailable', 503, 'Please try again.'), CREATE)).toMatchObject({
      message:
        'AWS did not answer cloudformation:CreateStack in 8 tries (HTTP 503, ServiceUnavailable: Please try again.).',
      remedy: expect.stringContaining('Health Dashboard'),
    });
  });

  it('says that AWS could not be reached', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    expect(explainRefusal(refused, CREATE)).toMatchObject({
      message: 'AWS could not be reached for cloudformation:CreateStack: connect ECONNREFUSED 127.0.0.1:1.',
    });
  });

  it('is a matter of collecting where records were asked for, so that they are asked for again', () => {
    expect(explainRefusal(failure('ThrottlingException', 400, 'Rate exceeded'), FILTER)).toBeInstanceOf(
      CollectError,
    );
  });

  it('is left as it is when it is about something else', () => {
    const missing = failure('ResourceNotFoundException', 404, 'There is none.');
    expect(explainRefusal(missing, FILTER)).toBe(missing);
  });
});

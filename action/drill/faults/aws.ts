/** What AWS can do to a run, on the double. */
import { type Call, type Disturbance, type Reply, refusal, withEvents } from '../aws-double.ts';
import { FAILS, type Fault, GOES_ON, INTERRUPTED, KILLED, NOT_TRUSTED, type Scene } from '../fault.ts';
import { atOnce, loading } from '../moments.ts';

const AWS = { aws: true } as const;

function disturbs(disturbance: Disturbance) {
  return ({ aws }: Scene) => {
    if (aws !== null) aws.disturbance = disturbance;
  };
}

const isApi = ({ service }: Call): boolean => service !== 'function-url';
const every =
  (nth: number, of: (call: Call) => boolean, reply: (call: Call) => Reply) =>
  (call: Call): Reply | null =>
    of(call) && call.nth % nth === nth - 1 ? reply(call) : null;

const isOf =
  (service: string) =>
  (call: Call): boolean =>
    call.service === service;

const throttled = (call: Call) =>
  call.service === 'cloudformation'
    ? refusal(call, 400, 'Throttling', 'Rate exceeded')
    : refusal(call, 429, 'TooManyRequestsException', 'Rate Exceeded.');
const unavailable = (call: Call) => refusal(call, 503, 'ServiceUnavailable', 'Please try again.');
const expired = (call: Call) =>
  refusal(
    call,
    403,
    call.service === 'cloudformation' || call.service === 's3' ? 'ExpiredToken' : 'ExpiredTokenException',
    'The security token included in the request is expired',
  );

const JANITOR = { cleanedBy: ['the janitor'] } as const;
const ERRORS = /^gate failed: errors$/;
/** By whichever is called next: the last environments may have been replaced already, and then it is records that are read. */
const NO_ANSWER = /(DeployError: AWS did not answer lambda|CollectError: AWS did not answer logs):\w+ .*503/;
/** Whatever else: the double is never called AWS. */
const DOUBLE = /was answered by http:\S+, not by AWS/;

const REFUSALS: readonly Fault[] = [
  {
    ...{ name: 'credentials revoked', stage: 'load', ground: AWS, moment: loading },
    inject: disturbs({ instead: (call) => (isApi(call) ? expired(call) : null) }),
    expected: {
      endings: FAILS,
      says: /DeployError: AWS refused .* the credentials have expired/,
      ...JANITOR,
    },
  },
  {
    ...{ name: 'CloudFormation throttles every third call', stage: 'deploy', ground: AWS, moment: atOnce },
    inject: disturbs({ instead: every(3, isOf('cloudformation'), throttled) }),
    expected: { endings: GOES_ON, says: DOUBLE },
  },
  {
    ...{ name: 'CloudFormation throttles every call', stage: 'deploy', ground: AWS, moment: atOnce },
    inject: disturbs({ instead: every(1, isOf('cloudformation'), throttled) }),
    expected: { endings: FAILS, says: /DeployError: AWS throttled cloudformation:CreateStack/ },
  },
  {
    ...{ name: 'Lambda throttles every third call of its API', stage: 'load', ground: AWS, moment: atOnce },
    inject: disturbs({ instead: every(3, isOf('lambda'), throttled) }),
    expected: { endings: GOES_ON, says: DOUBLE },
  },
  {
    ...{ name: 'Lambda throttles every fifth request (429)', stage: 'load', ground: AWS, moment: loading },
    inject: disturbs({ instead: every(5, isOf('function-url'), throttled) }),
    expected: { endings: NOT_TRUSTED, says: ERRORS },
  },
  {
    ...{ name: 'every third call of an API is a 503', stage: 'deploy', ground: AWS, moment: atOnce },
    inject: disturbs({ instead: every(3, isApi, unavailable) }),
    expected: { endings: GOES_ON, says: DOUBLE },
  },
  {
    ...{ name: 'every call of an API is a 503', stage: 'load', ground: AWS, moment: loading },
    inject: disturbs({ instead: every(1, isApi, unavailable) }),
    expected: { endings: FAILS, says: NO_ANSWER, ...JANITOR },
  },
  {
    ...{ name: 'every fifth request is a 500', stage: 'load', ground: AWS, moment: loading },
    inject: disturbs({
      instead: every(5, isOf('function-url'), (call) => refusal(call, 500, 'ServiceException', 'Internal')),
    }),
    expected: { endings: NOT_TRUSTED, says: ERRORS },
  },
];

const isReport = (event: unknown): boolean => /REPORT RequestId/.test(JSON.stringify(event));

const LOGS: readonly Fault[] = [
  {
    ...{ name: 'log records lost', stage: 'collect', ground: AWS, moment: loading },
    inject: disturbs({
      amended: (call, reply) =>
        call.service === 'logs'
          ? withEvents(reply, (events) => events.filter((event) => !(isReport(event) && isUnlucky(event))))
          : null,
    }),
    expected: { endings: NOT_TRUSTED, says: /answered requests \d+ have a platform record/ },
  },
  {
    ...{ name: 'log records doubled', stage: 'collect', ground: AWS, moment: loading },
    inject: disturbs({
      amended: (call, reply) =>
        call.service === 'logs'
          ? withEvents(reply, (events) => events.flatMap((event) => [event, event]))
          : null,
    }),
    expected: { endings: GOES_ON, says: DOUBLE },
  },
];

/** One in four, and the same ones at every reading. */
const isUnlucky = (event: unknown): boolean => /RequestId: [0-3]/.test(JSON.stringify(event));

const ENDINGS: readonly Fault[] = (['SIGINT', 'SIGKILL'] as const).flatMap((name) =>
  (
    [
      ['deploy', 'while its stack is made', ({ subject }: Scene) => subject.said(/CREATE_IN_PROGRESS/)],
      ['load', 'under load', loading],
    ] as const
  ).map(
    ([stage, words, moment]): Fault => ({
      ...{ name: `${name} on AWS, ${words}`, stage, ground: AWS, moment },
      inject: ({ subject }) => subject.kill(name),
      expected:
        name === 'SIGINT'
          ? { endings: INTERRUPTED, says: /InterruptedError/ }
          : { endings: KILLED, says: /^/, cleanedBy: ['the next run', 'the janitor'] },
    }),
  ),
);

export const aws: readonly Fault[] = [...REFUSALS, ...LOGS, ...ENDINGS];

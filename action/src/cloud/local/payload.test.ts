import { describe, expect, it } from 'vitest';
import { functionUrlAnswer, functionUrlEvent, type HttpCall } from './payload.ts';

const call: HttpCall = {
  requestId: 'id',
  functionName: 'noop',
  method: 'POST',
  target: '/a/b?x=1&x=2&y=%20',
  headers: { host: 'localhost', cookie: 'a=1; b=2', 'content-type': 'application/json', 'user-agent': 'k6' },
  body: Buffer.from('{"k":1}'),
  sourceIp: '127.0.0.1',
  timeMs: Date.UTC(2020, 2, 12, 19, 3, 58),
};
const eventOf = (given: Partial<HttpCall>) => JSON.parse(functionUrlEvent({ ...call, ...given }));
const answerTo = (value: unknown) => functionUrlAnswer(Buffer.from(JSON.stringify(value)));

describe('the event', () => {
  it('is payload format 2.0', () => {
    expect(eventOf({})).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a/b',
      rawQueryString: 'x=1&x=2&y=%20',
      cookies: ['a=1', 'b=2'],
      headers: { host: 'localhost', 'content-type': 'application/json', 'user-agent': 'k6' },
      queryStringParameters: { x: '1,2', y: ' ' },
      requestContext: {
        accountId: 'anonymous',
        apiId: 'noop',
        domainName: 'localhost',
        domainPrefix: 'noop',
        http: { method: 'POST', path: '/a/b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'k6' },
        requestId: 'id',
        routeKey: '$default',
        stage: '$default',
        time: '12/Mar/2020:19:03:58 +0000',
        timeEpoch: 1584039838000,
      },
      body: '{"k":1}',
      isBase64Encoded: false,
    });
  });

  it('tells parameters that are named as what every object has', () => {
    const { queryStringParameters } = eventOf({
      target: '/?constructor=1&toString=2&toString=3&__proto__=4',
    });
    expect(Object.entries(queryStringParameters)).toEqual([
      ['constructor', '1'],
      ['toString', '2,3'],
      ['__proto__', '4'],
    ]);
  });

  it('has no body when none was sent', () => {
    expect(eventOf({ method: 'GET', body: Buffer.alloc(0) })).not.toHaveProperty('body');
  });

  it('carries a body that is not text in Base64', () => {
    const event = eventOf({ headers: { 'content-type': 'image/png' }, body: Buffer.from([0xff, 0]) });
    expect(event).toMatchObject({ body: '/wA=', isBase64Encoded: true });
  });
});

describe('the answer', () => {
  it('is what an object with statusCode says', () => {
    const answer = answerTo({ statusCode: 201, headers: { 'X-A': 1 }, cookies: ['a=1'], body: 'hi' });
    expect(answer).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json', 'x-a': '1', 'set-cookie': ['a=1'] },
      body: 'hi',
    });
  });

  it('decodes a Base64 body', () => {
    expect(answerTo({ statusCode: 200, body: 'aGk=', isBase64Encoded: true }).body).toEqual(
      Buffer.from('hi'),
    );
  });

  it.each([{ hello: 1 }, 'text', [1], null, 7])(
    'is a 200 with the JSON as body for any other value: %j',
    (value) => {
      expect(answerTo(value)).toMatchObject({ status: 200, body: JSON.stringify(value) });
    },
  );

  it.each(['<html>', '', '{"statusCode":'])('is a 502 for what is not JSON: %j', (text) => {
    expect(functionUrlAnswer(Buffer.from(text)).status).toBe(502);
  });

  it.each([0, 99, 100, 101, 103, 199, 600, 'x', null, {}])(
    'is a 502 for a status that is none, or not the last: %j',
    (statusCode) => {
      expect(answerTo({ statusCode }).status).toBe(502);
    },
  );

  it("leaves the connection's own headers to the gateway", () => {
    const answer = answerTo({
      statusCode: 200,
      headers: { 'Content-Length': '99', Connection: 'close' },
      body: '',
    });
    expect(answer.headers).toEqual({ 'content-type': 'application/json' });
  });
});

import { describe, expect, it } from 'vitest';
import type { Variant } from '../../../model.ts';
import { silent } from '../../../progress.ts';
import { artifact, localTools } from '../fixture.ts';
import { localCloud } from '../local.ts';

const tools = await localTools();
const always = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };

async function deployed(file: string, source: string, variant: Partial<Variant> = {}) {
  const node = { file, handler: 'app.handler', runtime: 'nodejs22.x', name: 'app', ...variant };
  await using code = await artifact({ ...node, source });
  return await localCloud({ tools, progress: silent }).deploy([code]);
}

/** Status and body of an answer, and the records of all invocations. */
async function invoked(file: string, source: string) {
  await using deployment = await deployed(file, source);
  const answer = await fetch(`${deployment.endpoints.get('app')}orders?n=2`, {
    method: 'POST',
    body: 'hello',
  });
  return { status: answer.status, body: await answer.text(), records: await deployment.invocations(always) };
}

describe('a Node function on the local cloud', () => {
  it('is an ES module that gets the event, with its body', async () => {
    const source = `
      export const handler = async (event, context) =>
        ({ statusCode: 201, body: [event.rawPath, event.queryStringParameters.n, event.body, context.functionName].join(' ') });`;
    const { status, body, records } = await invoked('app.mjs', source);
    expect([status, body]).toEqual([201, '/orders 2 hello app']);
    expect(records).toMatchObject([{ status: 'success', initDurationMs: expect.any(Number) }]);
  });

  it('is a CommonJS module', async () => {
    const { body } = await invoked('app.js', 'exports.handler = async () => "hello";');
    expect(body).toBe('"hello"');
  });

  it('serves one invocation after the other in the same environment', async () => {
    const source = 'let n = 0; export const handler = async () => ({ n: ++n });';
    await using deployment = await deployed('app.mjs', source);
    const answers = [];
    for (let n = 0; n < 3; n++) answers.push(await (await fetch(deployment.endpoints.get('app')!)).json());
    expect(answers).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('reports what its handler throws', async () => {
    const source = 'export const handler = async () => { throw new TypeError("no such order"); };';
    const { status, body, records } = await invoked('app.mjs', source);
    expect([status, body]).toEqual([502, expect.stringContaining('no such order')]);
    expect(records).toMatchObject([{ status: 'error', errorType: 'TypeError' }]);
  });

  it('reports an exception that nobody caught, before it ends', async () => {
    const source = `
      export const handler = () => new Promise(() => {
        setImmediate(() => { throw new RangeError("too far"); });
      });`;
    const { status, body, records } = await invoked('app.mjs', source);
    expect([status, body]).toEqual([502, expect.stringContaining('too far')]);
    expect(records).toMatchObject([{ status: 'error', errorType: 'RangeError' }]);
  });

  it('says why it does not start', async () => {
    await expect(deployed('app.mjs', 'throw new Error("no table");')).rejects.toThrow(/no table/);
    await expect(deployed('other.mjs', 'export {};')).rejects.toThrow(/Runtime\.ImportModuleError/);
    await expect(deployed('app.mjs', 'export {};')).rejects.toThrow(/Runtime\.HandlerNotFound/);
  });

  it('is said to run on a client of which one part is ours', async () => {
    await using deployment = await deployed('app.mjs', 'export const handler = async () => 1;');
    expect(deployment.target.tools['aws-lambda-ric']).toBe('3.3.0');
    expect(deployment.target.warnings.map(({ code }) => code)).toContain('node-runtime-client');
  });
});

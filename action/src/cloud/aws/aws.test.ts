import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientsOf, emulator, left, Packages, runOptions } from '../../../test/aws/emulated-account.ts';
import type { Ministack } from '../../../test/aws/ministack.ts';
import type { Deployment } from '../cloud.ts';
import { awsCloud } from './aws.ts';

const credentials = async () => ({ accessKeyId: 'test', secretAccessKey: 'test' });
const packages = new Packages();
const artifacts = [packages.python('fast'), packages.python('slow')];
let ministack: Ministack;

beforeAll(async () => {
  ministack = await emulator();
});
afterAll(async () => {
  packages[Symbol.dispose]();
  await ministack[Symbol.asyncDispose]();
});

function cloudOf(runId: string, alternates: boolean) {
  const { clients: _, setup: __, ...options } = runOptions(clientsOf(ministack.endpoint), runId);
  const session = { region: 'us-east-1', credentials, endpoint: ministack.endpoint, role: null };
  return awsCloud({ ...options, session, alternates });
}

async function call({ signer }: Deployment, url: string) {
  const response = await fetch(url, { headers: await signer!.headers(url) });
  return {
    status: response.status,
    id: response.headers.get('x-amzn-requestid'),
    body: await response.json(),
  };
}

describe('the AWS adapter against an emulator', () => {
  it('has two functions a variant that answer signed requests, new environments on demand, and then is gone', async () => {
    const fromMs = Date.now() - 1000;
    {
      await using deployment = await cloudOf('whole', true).deploy(artifacts);
      const urls = [...deployment.endpoints, ...deployment.alternates!];
      expect(new Set(urls.map(([, url]) => url)).size).toBe(4);
      for (const [variant, url] of urls) {
        expect(await call(deployment, url)).toMatchObject({ status: 200, body: { variant } });
      }
      await deployment.freshEnvironments('fast', true);
      await call(deployment, deployment.alternates!.get('fast')!);
      // ministack's URLs answer with other request ids than its logs have.
      const records = await deployment.invocations({ fromMs, toMs: Date.now() + 1000 });
      expect(new Set(records.map(({ environmentId }) => environmentId)).size).toBe(5);
      expect(records.map(({ variant }) => variant).sort()).toEqual(['fast', 'fast', 'fast', 'slow', 'slow']);
    }
    expect(await left(clientsOf(ministack.endpoint))).toEqual([]);
  });

  it('has one function a variant where environments are never replaced', async () => {
    await using deployment = await cloudOf('soak', false).deploy(artifacts);
    expect([...deployment.endpoints.keys()]).toEqual(['fast', 'slow']);
    expect(deployment.alternates).toBeUndefined();
  });

  it('never calls an emulator AWS', async () => {
    await using deployment = await cloudOf('label', false).deploy(artifacts);
    expect(deployment.target.label).toBe(`emulated AWS at ${ministack.endpoint}, not AWS`);
    expect(deployment.target.warnings).toEqual([expect.objectContaining({ code: 'emulated-aws' })]);
  });
});

describe('a variant with SnapStart', () => {
  it('is served by another version whenever it gets new environments, and then is gone', async () => {
    const { variant, ...made } = packages.python('quick');
    const fromMs = Date.now() - 1000;
    {
      const cloud = cloudOf('snapped', false);
      await using deployment = await cloud.deploy([{ ...made, variant: { ...variant, snapStart: true } }]);
      const url = deployment.endpoints.get('quick')!;
      for (let nth = 0; nth < 2; nth++) {
        await deployment.freshEnvironments('quick');
        const response = await fetch(url, { headers: await deployment.signer!.headers(url) });
        expect(await response.json()).toMatchObject({ variant: 'quick' });
      }
      const records = await deployment.invocations({ fromMs, toMs: Date.now() + 1000 });
      // A log stream is named after the version that it is of.
      const versions = records.map(({ environmentId }) => /\[(.+)\]/.exec(environmentId)?.[1]);
      expect(versions.sort()).toEqual(['1', '2']);
    }
    expect(await left(clientsOf(ministack.endpoint))).toEqual([]);
  });
});

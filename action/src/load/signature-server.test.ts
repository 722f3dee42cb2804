import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SESSION, type Seen, signatureByTheBook, standIn } from '../cloud/aws/fixture.ts';
import { hideSecrets } from '../cloud/aws/secrets.ts';
import { functionUrlSigner } from '../cloud/aws/signing.ts';
import type { Signer } from '../cloud/cloud.ts';
import { silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { type SignatureServer, serveSignatures } from './signature-server.ts';

const URL_A = 'https://abc123.lambda-url.us-east-1.on.aws/';
const signer = functionUrlSigner({ region: 'us-east-1', credentials: async () => SESSION });

afterEach(() => vi.unstubAllEnvs());

function ask(server: SignatureServer, url: string): Promise<Response> {
  return fetch(`${server.environment.SIGNATURES}?url=${encodeURIComponent(url)}`);
}

describe('serveSignatures', () => {
  it('gives signatures of its URLs and of no other', async () => {
    await using server = await serveSignatures(signer, [URL_A]);
    expect(await (await ask(server, URL_A)).json()).toEqual(await signer.headers(URL_A));
    expect((await ask(server, 'https://sts.us-east-1.amazonaws.com/')).status).toBe(404);
  });

  it('answers nobody who does not know its path', async () => {
    await using server = await serveSignatures(signer, [URL_A]);
    const { origin } = new URL(server.environment.SIGNATURES!);
    expect((await fetch(`${origin}/?url=${encodeURIComponent(URL_A)}`)).status).toBe(404);
  });

  it('tells why there is no signature', async () => {
    const broken: Signer = { headers: () => Promise.reject(new Error('No AWS credentials were found')) };
    await using server = await serveSignatures(broken, [URL_A]);
    const response = await ask(server, URL_A);
    expect([response.status, await response.text()]).toEqual([503, 'No AWS credentials were found']);
  });
});

/** Runs the pinned k6 with a script that sends `iterations` signed requests by each of two virtual users. */
async function runK6(url: string, iterations: number, environment: Readonly<Record<string, string>>) {
  const cacheDir = join(import.meta.dirname, '../../../.cache');
  const { k6 } = await ensureTools(['k6'], { cacheDir, progress: silent });
  const folder = mkdtempSync(join(tmpdir(), 'duel-signature-'));
  const script = join(folder, 'script.js');
  writeFileSync(
    script,
    `import http from 'k6/http';
import { signatureOf } from '${join(import.meta.dirname, 'signature.js')}';
export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 2, iterations: ${iterations} } } };
export default () => { http.get('${url}', { headers: signatureOf('${url}') }); };`,
  );
  const args = [
    'run',
    '--quiet',
    '--log-format',
    'raw',
    '--address',
    '127.0.0.1:0',
    '--out',
    'csv=-',
    script,
  ];
  try {
    return await execa(k6, args, { env: { K6_NO_USAGE_REPORT: 'true', ...environment }, reject: false });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isSigned(request: Seen, url: string): boolean {
  const date = String(request.headers['x-amz-date']);
  return request.headers.authorization === signatureByTheBook(url, date);
}

/** Everything a child process of ours can be seen to have: arguments and environment. */
function visibleIn(name: string): string {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return pids
    .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8'))
    .filter((text) => text.includes(name))
    .join();
}

describe('k6 with signature.js', () => {
  it('signs every request, by one signature a virtual user, and never sees a credential', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', SESSION.secretAccessKey);
    vi.stubEnv('AWS_SESSION_TOKEN', SESSION.sessionToken);
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'canary-request-token');
    hideSecrets(process.env);
    let seenOfK6 = '';
    let asked = 0;
    const counting: Signer = {
      headers: (url) => {
        asked++;
        return signer.headers(url);
      },
    };
    await using lambda = await standIn((request) => {
      seenOfK6 ||= visibleIn('K6_NO_USAGE_REPORT');
      return { status: isSigned(request, `${lambda.url}/`) ? 200 : 403 };
    });
    await using server = await serveSignatures(counting, [`${lambda.url}/`]);
    const { stdout, stderr, exitCode } = await runK6(`${lambda.url}/`, 5, server.environment);
    expect([exitCode, lambda.seen.length, asked]).toEqual([0, 10, 2]);
    expect(lambda.seen.filter((request) => !isSigned(request, `${lambda.url}/`))).toEqual([]);
    expect(stdout.split('\n').filter((line) => line.startsWith('signatures,'))).toHaveLength(2);
    expect(seenOfK6).toContain('SIGNATURES=');
    for (const place of [stdout, stderr, seenOfK6]) expect(place).not.toContain('canary');
  });

  it('sends unsigned requests where nobody signs', async () => {
    await using lambda = await standIn(() => ({}));
    await runK6(`${lambda.url}/`, 1, {});
    expect(lambda.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });

  it('ends the load with the reason when there are no signatures', async () => {
    const broken: Signer = { headers: () => Promise.reject(new Error('No AWS credentials were found')) };
    await using lambda = await standIn(() => ({}));
    await using server = await serveSignatures(broken, [`${lambda.url}/`]);
    const { stderr, exitCode } = await runK6(`${lambda.url}/`, 1, server.environment);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('requests cannot be signed: No AWS credentials were found');
  });
});

describe('hideSecrets', () => {
  it('shows secrets while a call is made, and never to what runs after', async () => {
    const env: Record<string, string | undefined> = {
      ...{ AWS_SECRET_ACCESS_KEY: 's', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't', 'INPUT_GITHUB-TOKEN': 'g' },
      ...{ PATH: '/bin', AWS_REGION: 'us-east-1', AWS_PROFILE: 'p' },
    };
    const secrets = hideSecrets(env);
    expect(env).toEqual({ PATH: '/bin', AWS_REGION: 'us-east-1', AWS_PROFILE: 'p' });
    const pending = secrets.reveal(async () => {
      const during = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
      await null;
      return [during, env.ACTIONS_ID_TOKEN_REQUEST_TOKEN];
    });
    expect(await pending).toEqual(['t', undefined]);
  });

  it('hides them again when the call throws', () => {
    const env: Record<string, string | undefined> = { GITHUB_TOKEN: 'g' };
    const secrets = hideSecrets(env);
    const fail = () => {
      throw new Error('no');
    };
    expect(() => secrets.reveal(fail)).toThrow('no');
    expect(env).toEqual({});
  });
});

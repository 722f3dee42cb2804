/**
 * The fake as a process of its own: `npx tsx action/test/github/serve.ts [--seed FILE] [--git-dir DIR] [--port N]`.
 * Prints one line of JSON with its addresses, and ends on SIGTERM. `GET /_state` shows what was written to it, and
 * `PATCH /_state` replaces parts of it, e.g. `faults`.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startGitHub } from './github.ts';
import { PUBLISHER, type Seed } from './state.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, 'git-dir': { type: 'string' }, port: { type: 'string' } },
});
const seed: Seed =
  values.seed === undefined
    ? { tokens: { 'workflow-token': PUBLISHER } }
    : (JSON.parse(readFileSync(values.seed, 'utf8')) as Seed);
const github = await startGitHub({ seed, gitDir: values['git-dir'] ?? null, port: Number(values.port ?? 0) });
process.once('SIGTERM', () => void github[Symbol.asyncDispose]());
process.once('SIGINT', () => void github[Symbol.asyncDispose]());
process.stdout.write(
  `${JSON.stringify({
    url: github.url,
    idTokenUrl: github.idTokenUrl,
    idTokenRequestToken: github.oidc.requestToken,
  })}\n`,
);

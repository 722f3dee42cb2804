import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ConfigError } from './errors.ts';
import { readJob } from './job.ts';

const folder = mkdtempSync(join(tmpdir(), 'duel-job-'));
afterAll(() => rmSync(folder, { recursive: true }));

const GITHUB_EVENT_PATH = join(folder, 'event.json');
const ENVIRONMENT = {
  ...{ GITHUB_TOKEN: 'ghs_canary', GITHUB_REPOSITORY: 'octo/functions', GITHUB_EVENT_PATH },
  ...{ GITHUB_API_URL: 'https://api.github.example', GITHUB_SERVER_URL: 'https://github.example' },
};

it('reads the event', () => {
  writeFileSync(GITHUB_EVENT_PATH, '{"action":"created"}');
  expect(readJob(ENVIRONMENT)).toMatchObject({
    owner: 'octo',
    repo: 'functions',
    event: { action: 'created' },
  });
});

it.each([
  ['is cut short', '{"action":'],
  ['is not there', null],
])('says so when the event %s, and shows no token', (_, text) => {
  rmSync(GITHUB_EVENT_PATH, { force: true });
  if (text !== null) writeFileSync(GITHUB_EVENT_PATH, text);
  expect(() => readJob(ENVIRONMENT)).toThrow(ConfigError);
  expect(() => readJob(ENVIRONMENT)).not.toThrow(/canary/);
});

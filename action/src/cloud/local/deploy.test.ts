import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweepFolders } from './deploy.ts';

/** One more than a process can have on Linux. */
const NOBODY = 4_194_305;

it.runIf(process.platform === 'linux')(
  'what a killed run has left is removed, and one of somebody else stops nobody',
  async () => {
    const left = await mkdtemp(join(tmpdir(), `lambda-duel-${NOBODY}-`));
    const refused = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    await sweepFolders(() => Promise.reject(refused));
    await sweepFolders();
    expect(existsSync(left)).toBe(false);
  },
);

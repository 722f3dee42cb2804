import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PublishError } from '../errors.ts';
import { parseResult } from '../report/json.ts';
import { writeFiles, writeWhole } from './files.ts';

const golden = new URL('../../test/golden/clear-verdict.json', import.meta.url);
const CLEAR_VERDICT = parseResult(readFileSync(golden, 'utf8'));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duel-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writing a result', () => {
  it('makes the folder and leaves only the whole file', async () => {
    await writeWhole(join(folder, 'a/b'), 'report.md', 'text');
    expect(await readdir(join(folder, 'a/b'))).toEqual(['report.md']);
    expect(await readFile(join(folder, 'a/b/report.md'), 'utf8')).toBe('text');
  });

  it('says what to do when the goal is no folder, and leaves what was there', async () => {
    await writeFile(join(folder, 'taken'), 'mine');
    const failure = await writeWhole(join(folder, 'taken'), 'report.md', 'text').catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(PublishError);
    expect((failure as PublishError).remedy).toContain('--out');
    expect(await readFile(join(folder, 'taken'), 'utf8')).toBe('mine');
  });

  it('keeps a result whose report cannot be written, and says how to render it', async () => {
    await writeFile(join(folder, 'charts'), 'no folder');
    const failure = await writeFiles(folder, CLEAR_VERDICT, 'text').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PublishError);
    expect((failure as PublishError).remedy).toContain(`npm run report -- ${join(folder, 'result.json')}`);
    expect(parseResult(await readFile(join(folder, 'result.json'), 'utf8'))).toEqual(CLEAR_VERDICT);
  });

  it.runIf(process.platform === 'linux')(
    'leaves the old file whole and no draft when the disk is full',
    async () => {
      // A draft that is a link to /dev/full fails as a full disk does: ENOSPC on write.
      await writeFile(join(folder, 'result.json'), 'old');
      const { symlink } = await import('node:fs/promises');
      await symlink('/dev/full', join(folder, `result.json.${process.pid}.part`));
      const failure = await writeWhole(folder, 'result.json', 'new').catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PublishError);
      expect((failure as PublishError).message).toContain('ENOSPC');
      expect(await readFile(join(folder, 'result.json'), 'utf8')).toBe('old');
      expect(await readdir(folder)).toEqual(['result.json']);
    },
  );
});

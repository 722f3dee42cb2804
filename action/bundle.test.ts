import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from './bundle.ts';

const ROOT = resolve(import.meta.dirname, '..');
let folder: string;
let metafile: Metafile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  metafile = await bundle(ROOT, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const outputNamed = (name: string) =>
  Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name}`))?.[1];

describe('the bundle', () => {
  it.each(['main.mjs', 'post.mjs'])('%s is smaller than 3.5 MB and has no CDK in it', (name) => {
    const output = outputNamed(name);
    expect(output?.bytes).toBeLessThan(3.5e6);
    const inputs = Object.keys(output?.inputs ?? {});
    expect(inputs.length).toBeGreaterThan(50);
    expect(inputs.filter((path) => /aws-cdk|constructs/.test(path))).toEqual([]);
  });

  it('has what other programs read beside it', () => {
    expect(existsSync(join(folder, 'scenario.js'))).toBe(true);
  });

  it.each(['main.mjs', 'post.mjs'])(
    '%s needs nothing else: it starts in a folder without packages',
    (name) => {
      const output = run(join(folder, name));
      expect(output).not.toMatch(/Cannot find|ERR_MODULE|SyntaxError/);
      if (name === 'main.mjs') expect(output).toContain('::error::The inputs have');
    },
  );
});

function run(file: string): string {
  try {
    return execFileSync(process.execPath, [file], {
      env: { PATH: process.env.PATH },
      cwd: folder,
      encoding: 'utf8',
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

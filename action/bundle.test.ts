import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from './bundle.ts';
import { stacksOf } from './src/cloud/aws/names.ts';
import type { FunctionPlan } from './src/cloud/aws/plan.ts';

const ROOT = resolve(import.meta.dirname, '..');
let folder: string;
let metafile: Metafile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  metafile = await bundle(ROOT, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An entry and every file it may load. */
function filesOf(entry: string): string[] {
  const found = new Set(Object.keys(metafile.outputs).filter((path) => path.endsWith(`/${entry}`)));
  for (const path of found)
    for (const { path: next, external } of metafile.outputs[path]?.imports ?? [])
      if (external !== true) found.add(next);
  return [...found];
}

describe('the bundle', () => {
  it.each(['main.mjs', 'post.mjs'])(
    '%s is smaller than 3.5 MB with all it may load, and has no CDK in it',
    (name) => {
      const outputs = filesOf(name).map((path) => metafile.outputs[path]!);
      const inputs = outputs.flatMap((output) => Object.keys(output.inputs));
      expect(outputs.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(3.5e6);
      expect(inputs.length).toBeGreaterThan(50);
      expect(inputs.filter((path) => /aws-cdk|constructs|^stacks\//.test(path))).toEqual([]);
    },
  );

  it('synthesizes the stacks in a program of its own', () => {
    const functions: FunctionPlan[] = [
      {
        ...{ id: 'rust', runtime: 'provided.al2023', handler: 'bootstrap', architecture: 'x86_64' },
        ...{ memoryMb: 1769, timeoutSeconds: 10, environment: {}, packageKey: 'abc.zip' },
        logGroup: '/lambda-duel/run/rust',
      },
    ];
    const plan = {
      kind: 'benchmark',
      stacks: stacksOf('run'),
      permissionsBoundary: null,
      functions,
    } as const;
    const output = execFileSync(process.execPath, [join(folder, 'synth.mjs')], {
      input: JSON.stringify(plan),
      env: { PATH: process.env.PATH, CDK_VALIDATION: 'false' },
      cwd: folder,
    });
    const templates = JSON.parse(output.toString()) as Record<string, string>;
    expect(Object.keys(templates).sort()).toEqual(Object.values(plan.stacks).sort());
    expect(templates[plan.stacks.benchmark]).toContain('AWS::Lambda::Url');
  });

  it('has what other programs read beside it', () => {
    expect(existsSync(join(folder, 'scenario.js'))).toBe(true);
    expect(existsSync(join(folder, 'node', 'bootstrap.mjs'))).toBe(true);
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

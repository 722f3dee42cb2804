import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');
/** The flow, in order: a stage may import itself, earlier stages, and the vocabulary every stage shares. */
const STAGES = ['config', 'tools', 'build', 'cloud', 'load', 'collect', 'compare', 'report', 'publish'];
const VOCABULARY = [
  'model.ts',
  'result.ts',
  'errors.ts',
  'progress.ts',
  'options.ts',
  'clock.ts',
  'death-signal.ts',
  'histogram.ts',
  'left-behind.ts',
  'loopback.ts',
  'on-path.ts',
];
/** Pure stages may import these packages and nothing else. */
const PURE = {
  compare: ['simple-statistics', 'jstat'],
  report: ['markdown-table', 'zod', 'd3-scale', 'd3-shape'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const IMPORT =
  /^(?:import|export)\s+[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'|(?:await\s+)?import\('([^']+)'\)/gm;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const local = specifier.startsWith('.');
    return {
      from: file,
      to: local ? relative(SRC, resolve(SRC, dirname(file), specifier)) : specifier,
    };
  });
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.(ts|js)$/.test(file) && !/(\.(test|d)|[./]fixture)\.ts$/.test(file),
);
const imports = files.flatMap(importsOf);
const stageOf = (path: string) => STAGES.indexOf(path.split('/')[0]!);
const isLocal = (path: string) => /\.(ts|js)$/.test(path) && !path.startsWith('node:');

describe('the architecture', () => {
  it('is read from real files and finds their imports', () => {
    expect(files.length).toBeGreaterThan(30);
    expect(imports).toContainEqual({ from: 'pipeline.ts', to: 'build/build.ts' });
  });

  it('lets a stage import only itself, earlier stages and the shared vocabulary', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (stageOf(from) < 0 || !isLocal(to) || VOCABULARY.includes(to)) return false;
      return stageOf(to) < 0 || stageOf(to) > stageOf(from);
    });
    expect(wrong).toEqual([]);
  });

  it('keeps the vocabulary free of stages, and of their types', () => {
    expect(imports.filter(({ from, to }) => VOCABULARY.includes(from) && stageOf(to) >= 0)).toEqual([]);
  });

  it.each(Object.entries(PURE))('keeps %s/ pure: no Node, AWS, Actions or network', (stage, allowed) => {
    const outside = imports.filter(
      ({ from, to }) => from.startsWith(`${stage}/`) && !isLocal(to) && !allowed.includes(to),
    );
    expect(outside).toEqual([]);
  });

  it.each(Object.keys(PURE))('keeps %s/ deterministic: no clock, no randomness, no environment', (stage) => {
    const text = files
      .filter((file) => file.startsWith(`${stage}/`))
      .map((file) => readFileSync(join(SRC, file), 'utf8'));
    expect(
      text.filter((source) =>
        /Date\.now|new Date\(\)|Math\.random|\bprocess\.\w|globalThis|performance\.now|fetch\(/.test(source),
      ),
    ).toEqual([]);
  });

  it('lets nothing outside build/ and the config speak of a language, but for the claim about two of them', () => {
    const neutral = files.filter(
      (file) => /^(load|collect|compare|report|publish)\//.test(file) || file === 'pipeline.ts',
    );
    const code = (file: string) =>
      readFileSync(join(SRC, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const named = neutral.filter((file) => /\b(python|rust|boto3|nodejs\d)/i.test(code(file)));
    expect(named.sort()).toEqual(['report/sections/claim.ts', 'report/sections/cold.ts']);
  });

  it('ends the process nowhere: exit codes are returned', () => {
    expect(files.filter((file) => /process\.exit\(/.test(readFileSync(join(SRC, file), 'utf8')))).toEqual([]);
  });
});

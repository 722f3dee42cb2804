import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { parse } from 'yaml';
import { main } from '../init.ts';

/** A repository of these files; `init` is run on it from elsewhere. Disposing of it removes it. */
export async function repository(files: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), 'duel-init-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const read = () => readFile(join(root, '.github/benchmark.yml'), 'utf8');
  const lines: string[] = [];
  return {
    root,
    init: () => keeping(lines, () => main(['--root', root], { root: '/nowhere', cwd: '/' })),
    /** What `init` wrote to the terminal. */
    printed: () => lines.join(''),
    text: read,
    variants: async () => parse(await read()).variants as Record<string, unknown>[],
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

async function keeping<T>(lines: string[], work: () => Promise<T>): Promise<T> {
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0),
  );
  try {
    return await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

export const PYTHON = 'import json\n\ndef lambda_handler(event, context):\n    return {}\n';
export const NODE = 'export const handler = async () => ({});\n';
export const GO = 'package main\n\nfunc main() { lambda.Start(handle) }\n';
export const CARGO = '[package]\nname = "fn"\n\n[dependencies]\nlambda_runtime = "1"\n';

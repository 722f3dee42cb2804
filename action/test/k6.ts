import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const VERSION = '1.8.1';
const FOLDER = resolve(import.meta.dirname, `../../.cache/tools/k6-${VERSION}`);

/** The real k6 of the tools cache; built there when it is missing (about 80 s). */
export async function k6Binary(): Promise<string> {
  const binary = join(FOLDER, 'k6');
  if (!existsSync(binary)) {
    await execa('go', ['install', `go.k6.io/k6@v${VERSION}`], {
      env: { GOBIN: FOLDER, GOTOOLCHAIN: 'local' },
    });
  }
  return binary;
}

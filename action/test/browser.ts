import { delimiter, join } from 'node:path';
import { isExecutable } from '../src/on-path.ts';

/** As Debian, snap and GitHub's runners name it. Ubuntu's `chromium-browser` may be a stub that only tells to use snap. */
const NAMES = ['chromium', 'google-chrome'];

/** Path of a Chromium on PATH; null when there is none. */
export function findBrowser(path = process.env.PATH ?? ''): string | null {
  const candidates = NAMES.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

import { startVitest } from 'vitest/node';
import { findBrowser } from './browser.ts';

/** The entry of `npm test`: every suite, through one runner. Arguments filter test files. Resolves to the exit code. */
export async function main(argv: readonly string[], { root }: { root: string }): Promise<number> {
  const vitest = await startVitest('test', [...argv], { root, run: true, watch: false });
  await vitest.close();
  return closingLine(vitest.state.getTestModules());
}

type Modules = ReturnType<NonNullable<Awaited<ReturnType<typeof startVitest>>>['state']['getTestModules']>;

/** A run in which nothing ran, or a file could not even be loaded, has failed. */
function closingLine(modules: Modules): number {
  const states = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => test.result().state),
  );
  const broken = modules.filter((module) => module.errors().length > 0).length;
  const passed = states.filter((state) => state === 'passed').length;
  const failed = states.filter((state) => state !== 'passed').length + broken;
  process.stdout.write(`\n${passed} passed, ${failed} failed${notRun()}\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function notRun(): string {
  if (findBrowser() !== null) return '';
  return '; not run: the site in a browser, because no Chromium is on PATH (Debian: apt install chromium; Ubuntu: snap install chromium)';
}

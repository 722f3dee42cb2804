import { startVitest } from 'vitest/node';
import { findBrowser } from './browser.ts';

/** The entry of `npm test`: every suite, through one runner. Arguments filter test files. Resolves to the exit code. */
export async function main(argv: readonly string[], { root }: { root: string }): Promise<number> {
  const vitest = await startVitest('test', [...argv], { root, run: true, watch: false });
  await vitest.close();
  const { state } = vitest;
  const outcome = outcomeOf(state.getTestModules(), state.getUnhandledErrors().length);
  process.stdout.write(`\n${closingLine(outcome)}${notRun()}\n`);
  return outcome.failed === 0 && outcome.passed > 0 ? 0 : 1;
}

/** What is asked of a file of tests (vitest's `TestModule`). */
interface Module {
  readonly children: { allTests(): Iterable<{ result(): { state: string } }> };
  errors(): readonly unknown[];
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Tests of what this machine is not, such as Linux. */
  readonly skipped: number;
}

/** A file that could not even be loaded has failed, and so has an error that no test waited for. */
export function outcomeOf(modules: readonly Module[], unhandledErrors: number): Outcome {
  const states = modules.flatMap(({ children }) =>
    [...children.allTests()].map((test) => test.result().state),
  );
  const count = (state: string) => states.filter((each) => each === state).length;
  const broken = modules.filter((module) => module.errors().length > 0).length;
  const [passed, skipped] = [count('passed'), count('skipped')];
  return { passed, failed: states.length - passed - skipped + broken + unhandledErrors, skipped };
}

export function closingLine({ passed, failed, skipped }: Outcome): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

function notRun(): string {
  if (findBrowser() !== null) return '';
  return '; not run: the site in a browser, because no Chromium is on PATH (Debian: apt install chromium; Ubuntu: snap install chromium)';
}

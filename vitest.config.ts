import { defineConfig } from 'vitest/config';
import { findBrowser } from './action/test/browser.ts';

const COMPILING = [
  ...['action/bundle.test.ts', 'action/src/build/**/*.test.ts', 'action/test/functions.test.ts'],
  'action/src/commands/wasm.test.ts',
];
const WORKFLOWS = ['action/test/act/*.e2e.test.ts'];
const WHOLE = ['action/test/**/*.e2e.test.ts'];
const BROWSER = ['action/test/**/*.browser.test.ts'];

/** Groups run one after the other: a compiler would disturb tests of time limits, and both a real run under load. */
export default defineConfig({
  test: {
    globalSetup: 'action/test/tools.setup.ts',
    projects: [
      project(
        'unit',
        0,
        ['action/**/*.test.ts', 'stacks/**/*.test.ts'],
        [...COMPILING, ...WHOLE, ...BROWSER],
      ),
      project('compiling', 1, COMPILING),
      project('whole', 2, WHOLE, WORKFLOWS),
      project('workflows', 3, WORKFLOWS),
      // A browser cannot be had from a package registry: where there is none, `npm test` ends by saying what was not run.
      ...(findBrowser() === null ? [] : [project('browser', 4, BROWSER)]),
    ],
  },
});

function project(name: string, groupOrder: number, include: string[], exclude: string[] = []) {
  // Two cores are the smallest machine we support.
  const limits = { maxWorkers: groupOrder === 0 ? 2 : 1, testTimeout: 60_000, hookTimeout: 120_000 };
  return {
    test: { name, include, exclude: [...exclude, '**/node_modules/**'], sequence: { groupOrder }, ...limits },
  };
}

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['action/**/*.test.ts'],
    // Two cores are the smallest machine we support; timing-sensitive tests must not fight each other.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

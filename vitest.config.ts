import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'e2e/**/*.test.ts',
      'examples/*/*/test/**/*.test.ts',
      'scripts/test/**/*.test.ts',
      'benchmarks/test/**/*.test.ts',
    ],
    typecheck: { enabled: false },
    // Real processes on a busy 2-core machine: generous, and a hang still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
  },
});

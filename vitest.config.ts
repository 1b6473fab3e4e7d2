import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'runner/**/*.test.{ts,tsx}',
      'test/**/*.test.{ts,tsx}',
      // These need an agent that is in no package registry, and an hour.
      ...(process.env.MUSTER_TEST_OPENSVC_AGENT ? ['test/**/*.real-agent.ts'] : []),
      // This needs kernel modules that are in no package of the distribution.
      ...(process.env.MUSTER_TEST_DRBD9_MODULES ? ['test/**/*.real-drbd9.ts'] : []),
    ],
    testTimeout: 30_000,
    // Some tests race real clocks against real machines; CI's may be slow for a moment.
    retry: process.env.CI ? 1 : 0,
    // Tests of hosts wait for most of their time; vitest would leave one of two processors idle.
    maxWorkers: Math.max(2, availableParallelism()),
    // Runs of tests have no place among those of whoever runs the tests.
    env: { MUSTER_RECORD: 'false' },
  },
});

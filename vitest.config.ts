import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Test files leave nothing behind in their process; loading everything anew for each would cost a third of the time.
    isolate: false,
    // Many tests wait for a peer: one file more than there are cores at a time keeps those busy.
    maxWorkers: availableParallelism() + 1,
    // Real clients of others (a JVM, Mono, Wine) take their time on a busy machine, and may once hang there.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: process.env.CI ? 1 : 0,
  },
})

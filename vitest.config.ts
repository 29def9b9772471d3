import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { startsFirst } from './test/order.ts'
import { isCi } from './test/runs.ts'

/** Vitest knows how long files take only once it has run them: without this a fresh clone waits at the end for a long one alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = startsFirst.findIndex(name => moduleId.endsWith(`/test/${name}.test.ts`))
      return at < 0 ? startsFirst.length : at
    }
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    sequence: { sequencer: LongestFirst },
    pool: 'forks',
    // Test files leave nothing behind in their process; loading everything anew for each would cost a third of the time.
    isolate: false,
    // Many tests wait for a peer: one file more than there are cores at a time keeps those busy.
    maxWorkers: availableParallelism() + 1,
    // Real clients of others (a JVM, Mono, Wine) take their time on a busy machine, and may once hang there.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: isCi ? 1 : 0,
  },
})

import { secondMs } from '../base/time.ts'

export interface RateLimit {
  /** Seconds to wait before the next request of this key is welcome; 0: go on. */
  take(key: string): number
}

/** So many requests at once, and again one every `everyMs`: a bucket for each key, and none for keys that have been quiet. */
export function rateLimit({
  burst,
  everyMs,
  now,
}: {
  burst: number
  everyMs: number
  now(): number
}): RateLimit {
  /** When the bucket of a key will be full again. */
  const fullMs = new Map<string, number>()
  return {
    take(key) {
      const atMs = now()
      const dueMs = Math.max(atMs, fullMs.get(key) ?? 0)
      const waitMs = dueMs - atMs - (burst - 1) * everyMs
      if (waitMs > 0) return Math.ceil(waitMs / secondMs)
      if (fullMs.size > mostKeys) for (const [other, ms] of fullMs) if (ms <= atMs) fullMs.delete(other)
      fullMs.set(key, dueMs + everyMs)
      return 0
    },
  }
}

const mostKeys = 10_000

/** Work that yields wherever something else may be done first, and returns its result. */
export type Steps<Result> = Generator<void, Result>

/** Does it without a pause. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const next = steps.next()
    if (next.done) return next.value
  }
}

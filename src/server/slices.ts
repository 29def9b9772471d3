import { setImmediate } from 'node:timers/promises'
import type { Steps } from '../base/steps.ts'

/** So long one slice keeps everything else waiting. */
const sliceMs = 20

/** Does work of many steps in slices, so that questions are answered between them. */
export async function stepwise<Result>(steps: Steps<Result>): Promise<Result> {
  let startedMs = performance.now()
  for (;;) {
    const next = steps.next()
    if (next.done) return next.value
    if (performance.now() - startedMs < sliceMs) continue
    await setImmediate()
    startedMs = performance.now()
  }
}

/** Does something with each of many things, a step each. */
export function* eachOf<Thing>(things: Iterable<Thing>, work: (thing: Thing) => unknown): Steps<void> {
  for (const thing of things) {
    work(thing)
    yield
  }
}

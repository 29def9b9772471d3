import { setImmediate } from 'node:timers/promises'

/** So long one slice keeps everything else waiting. */
const sliceMs = 20

/** Does something with each of many things in slices, so that questions are answered between them. */
export async function inSlices<Thing>(
  things: Iterable<Thing>,
  work: (thing: Thing) => unknown,
): Promise<void> {
  let startedMs = performance.now()
  for (const thing of things) {
    work(thing)
    if (performance.now() - startedMs < sliceMs) continue
    await setImmediate()
    startedMs = performance.now()
  }
}

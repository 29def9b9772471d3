/**
 * Hands out things that serve one caller at a time, such as connections: whoever comes first has the first that is free, and all others wait in the order in
 * which they came.
 */
export function inTurn<Thing>(
  things: readonly Thing[],
): <T>(work: (thing: Thing) => Promise<T>) => Promise<T> {
  const free = [...things]
  const waiting: ((thing: Thing) => void)[] = []
  return async work => {
    const thing = free.pop() ?? (await new Promise<Thing>(resolve => waiting.push(resolve)))
    try {
      return await work(thing)
    } finally {
      const next = waiting.shift()
      if (next) next(thing)
      else free.push(thing)
    }
  }
}

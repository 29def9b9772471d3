/** Where nobody waits for the tests, they look at more. */
export const isCi = Boolean(process.env.CI)

/** How many made-up inputs a property is tried with: all of them in CI, at a desk a third, of which a seed that is not fixed makes others each time. */
export function runs(inCi: number): number {
  return isCi ? inCi : Math.ceil(inCi / 3)
}

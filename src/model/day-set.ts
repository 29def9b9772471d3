import { dayMs, startOfDay } from '../base/time.ts'

/** A set of UTC days as bits, 32 to a word, the first day lowest: what is left of the days of rows that were folded into one. */
export interface DaySet {
  firstMs: number
  words: readonly number[]
}

/** The days on which a row was seen, in their order: those that it adds up, or its own. */
export function daysOf(row: { dayMs: number; days?: DaySet }): number[] {
  if (!row.days) return [startOfDay(row.dayMs)]
  const { firstMs, words } = row.days
  const found: number[] = []
  words.forEach((word, at) => {
    for (let bit = 0; bit < 32; bit++)
      if (((word >>> bit) & 1) === 1) found.push(firstMs + (at * 32 + bit) * dayMs)
  })
  return found
}

/** The last of those days. */
export function lastDayOf(row: { dayMs: number; days?: DaySet }): number {
  if (!row.days) return startOfDay(row.dayMs)
  const { firstMs, words } = row.days
  for (let at = words.length - 1; at >= 0; at--)
    if (words[at] !== 0) return firstMs + (at * 32 + 31 - Math.clz32(words[at]!)) * dayMs
  return startOfDay(row.dayMs)
}

/** The candidate that was probably meant by a word: the fewest typing slips away, if few enough; upper and lower case are the same. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  let best: string | undefined
  let bestSlips = limit + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= bestSlips) continue
    const slips = slipsBetween(wanted, candidate.toLowerCase())
    if (slips < bestSlips) {
      best = candidate
      bestSlips = slips
    }
  }
  return best
}

/** `did you mean X?`, or all that there is to choose from. */
export function meantHint(word: string, known: readonly string[]): string {
  const meant = nearest(word, known)
  return meant === undefined ? `one of ${known.join(', ')}` : `did you mean ${meant}?`
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function slipsBetween(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let slips = Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        slips = Math.min(slips, before[j - 2]! + 1)
      row.push(slips)
    }
    before = previous
    previous = row
  }
  return previous[b.length]!
}

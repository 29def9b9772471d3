/** A unified diff of two texts (three lines of context), readable by `git apply` and `patch -p1`. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const a = splitLines(before)
  const b = splitLines(after)
  const parts = changedParts(a, b)
  const out = [`--- a/${path}`, `+++ b/${path}`]
  for (let k = 0; k < parts.length; ) {
    let last = k
    while (last + 1 < parts.length && parts[last + 1]!.aFrom - parts[last]!.aTo <= 6) last++
    const from = Math.max(0, parts[k]!.aFrom - 3)
    const to = Math.min(a.length, parts[last]!.aTo + 3)
    const shift = parts[k]!.bFrom - parts[k]!.aFrom
    const lines: string[] = []
    let at = from
    let added = 0
    let removed = 0
    for (const part of parts.slice(k, last + 1)) {
      for (; at < part.aFrom; at++) lines.push(line(' ', a[at]!))
      for (; at < part.aTo; at++, removed++) lines.push(line('-', a[at]!))
      for (let i = part.bFrom; i < part.bTo; i++, added++) lines.push(line('+', b[i]!))
    }
    for (; at < to; at++) lines.push(line(' ', a[at]!))
    const size = to - from
    out.push(`@@ -${range(from, size)} +${range(from + shift, size - removed + added)} @@`, ...lines)
    k = last + 1
  }
  return `${out.join('\n')}\n`
}

function range(from: number, size: number): string {
  return size === 0 ? `${from},0` : size === 1 ? `${from + 1}` : `${from + 1},${size}`
}

function line(sign: string, text: string): string {
  return text.endsWith('\n') ? sign + text.slice(0, -1) : `${sign}${text}\n\\ No newline at end of file`
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

interface Part {
  aFrom: number
  aTo: number
  bFrom: number
  bTo: number
}

/** Places where the texts differ. Fixes change few lines in place, so a greedy search for the next common run is enough. */
function changedParts(a: readonly string[], b: readonly string[]): Part[] {
  const parts: Part[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++
      j++
      continue
    }
    const [x, y] = nextCommon(a, b, i, j)
    parts.push({ aFrom: i, aTo: x, bFrom: j, bTo: y })
    i = x
    j = y
  }
  return parts
}

function nextCommon(a: readonly string[], b: readonly string[], i: number, j: number): [number, number] {
  for (let distance = 1; distance < a.length + b.length; distance++)
    for (let ahead = 0; ahead <= distance; ahead++) {
      const x = i + distance - ahead
      const y = j + ahead
      if (x <= a.length && y <= b.length && (x < a.length ? a[x] === b[y] : y === b.length)) return [x, y]
    }
  return [a.length, b.length]
}

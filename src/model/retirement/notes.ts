import { type Document, isMap, isPair, isScalar } from 'yaml'
import type { ParsedYaml } from './yaml.ts'

/** Something about the file that its author should know: where (line and column from 1), what, and what to type instead. */
export interface Note {
  line: number
  column: number
  /** `brownouts[0].from`; empty for the file as a whole. */
  path: string
  message: string
  hint?: string
}

export type Path = readonly (string | number)[]

/** Collects problems and warnings while the file is read, each at its place. `at: 'key'` points to the key instead of its value. */
export interface Notes {
  problems: Note[]
  warnings: Note[]
  problem(path: Path, message: string, hint?: string, at?: 'key'): void
  warn(path: Path, message: string, hint?: string): void
  /** The text of a scalar as the file spells it. */
  sourceOf(path: Path): string | undefined
}

export function notesOn({ document, lines }: ParsedYaml): Notes {
  const problems: Note[] = []
  const warnings: Note[] = []
  const place = (path: Path, at?: 'key') => {
    const { line, col } = lines.linePos(offsetOf(document, path, at))
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  return {
    problems,
    warnings,
    problem(path, message, hint, at) {
      problems.push({ ...place(path, at), path: pathText(path), message, ...(hint && { hint }) })
    },
    warn(path, message, hint) {
      warnings.push({ ...place(path), path: pathText(path), message, ...(hint && { hint }) })
    },
    sourceOf(path) {
      const node = document.getIn(path, true)
      return isScalar(node) ? node.source : undefined
    },
  }
}

/** Where a value begins; of what is missing, where the nearest thing around it begins; of what a preset said, where it is named. */
function offsetOf(document: Document, path: Path, at?: 'key'): number {
  for (let length = path.length; length > 0; length--) {
    const some = path.slice(0, length)
    const pair = pairAt(document, some)
    const whole = length === path.length
    if (pair && (at === 'key' || !whole)) return pair
    const node = document.getIn(some, true)
    const range = (node as { range?: [number, number, number] } | undefined)?.range
    if (range) return range[0]
    if (pair) return pair
  }
  return document.contents?.range?.[0] ?? 0
}

/** Offset of the key that leads to `path`; undefined for list items and for what is not there. */
function pairAt(document: Document, path: Path): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return undefined
  const key = path.at(-1)
  const pair = parent.items.find(item => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined
}

/** `brownouts[0].from`. */
function pathText(path: Path): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('')
}

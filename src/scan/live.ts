import { tokenAt } from './lex/code.ts'
import type { Source } from './source.ts'

/** Matches of a pattern outside comments. `global` flag required. */
export function* liveMatches(source: Source, pattern: RegExp): Iterable<RegExpExecArray> {
  for (const match of source.text.matchAll(pattern))
    if (isLive(source, match.index + match[0].search(/\S/))) yield match
}

/** Whether an offset stands in code or data rather than in a comment. */
export function isLive(source: Source, offset: number): boolean {
  const code = source.code()
  if (code) return tokenAt(code, offset) !== undefined
  const { text } = source
  if (source.format === 'xml' || source.format === 'plist') {
    const open = text.lastIndexOf('<!--', offset)
    return open < 0 || text.lastIndexOf('-->', offset) > open
  }
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const before = text.slice(lineStart, offset)
  if (/^\s*(?:[#;!%']|\/\/|REM\s)/i.test(before) && !(source.format === 'directives' && /^\s*!/.test(before)))
    return false
  const hash = before.search(/\s#/)
  return (
    hash < 0 ||
    (before.slice(0, hash).split('"').length - 1) % 2 === 1 ||
    (before.slice(0, hash).split("'").length - 1) % 2 === 1
  )
}

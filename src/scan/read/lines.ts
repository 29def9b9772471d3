import type { Format } from '../recipe.ts'
import { type Setting, unquoted } from './setting.ts'

/** A line of a line-wise format without its comment, continuation lines joined by their offsets. */
export interface Line {
  text: string
  start: number
  end: number
  /** Blank-separated words with their offsets in the source. */
  words: { text: string; start: number; end: number }[]
  /** The `[section]`, the block (`server`, `frontend web`) or the registry key it stands under. */
  section: string
}

const comments: Partial<Record<Format, RegExp>> = {
  directives: /^\s*[#;!]|(?:^|\s)#/,
  ini: /^\s*[#;!]/,
  shell: /(?:^|\s)#/,
  registry: /^\s*;/,
}

/** Lines with their words. Quotes group words where the format says so. */
export function readLines(text: string, format: Format): Line[] {
  const lines: Line[] = []
  const comment = comments[format] ?? comments.ini!
  let section = ''
  let at = 0
  while (at <= text.length) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline
    let stop = text[end - 1] === '\r' ? end - 1 : end
    const raw = text.slice(at, stop)
    const found = commentAt(raw, comment)
    if (found >= 0) stop = at + found
    const body = text.slice(at, stop)
    const head = /^\s*\[([^\]\n]+)\]\s*$/.exec(body)
    if (head) section = head[1]!
    else if (format === 'directives') {
      const open = /^\s*([A-Za-z_<][^{;]*?)>?\s*\{?\s*$/.exec(body)
      if (open && (body.includes('{') || /^[a-z]/.test(body))) section = open[1]!
    }
    if (body.trim() !== '')
      lines.push({ text: body, start: at, end: stop, words: wordsOf(text, at, stop), section })
    if (newline < 0) break
    at = newline + 1
  }
  return lines
}

function commentAt(line: string, comment: RegExp): number {
  const match = comment.exec(line)
  if (!match) return -1
  // `#` inside quotes is text.
  const before = line.slice(0, match.index)
  if ((before.split('"').length - 1) % 2 === 1 || (before.split("'").length - 1) % 2 === 1) return -1
  return match.index + match[0].length - 1
}

function wordsOf(text: string, from: number, to: number) {
  const words: Line['words'] = []
  for (const match of text.slice(from, to).matchAll(/"[^"]*"|'[^']*'|[^\s;{}"']+(?:"[^"]*")?|[;{}]/g)) {
    const { value, start, end } = unquoted(text, from + match.index, from + match.index + match[0].length)
    words.push({ text: value, start, end })
  }
  return words
}

/**
 * `key = value`, `key: value` and `key value` lines as settings, with `[section]` as parent. A backslash at a line's end goes on with the next
 * line, and so does an indented line after a key whose value ended with a comma (Postfix).
 */
export function readIni(text: string): Setting[] {
  const settings: Setting[] = []
  let siblings: Setting[] = []
  let section = ''
  let at = 0
  while (at < text.length) {
    let end = text.indexOf('\n', at)
    if (end < 0) end = text.length
    const start = at
    at = end + 1
    const line = text.slice(start, end).replace(/\r$/, '')
    if (/^\s*(?:[#;!%]|\/\/|$)/.test(line)) continue
    const head = /^\s*\[+([^\]]+)\]/.exec(line)
    if (head && !/=/.test(line.slice(0, head.index + head[0].length))) {
      section = head[1]!.trim()
      siblings = []
      continue
    }
    const match =
      /^(\s*(?:export\s+|setenv\s+opt\s+|set\s+|SET\s+(?:GLOBAL\s+|PERSIST\s+|SESSION\s+)?|ALTER\s+SYSTEM\s+SET\s+)?["']?)([A-Za-z_@$][\w.$@[\]/:-]*?)["']?\s*(=>|:=|[=:](?!:)|\s(?=\S))\s*/.exec(
        line,
      )
    if (!match) continue
    let stop = start + line.length
    while (
      stop < text.length &&
      (text[stop - 1] === '\\' ||
        (text[stop - 1] === ',' && /^\r?\n[ \t]+[^\s#]/.test(text.slice(stop, stop + 40))))
    ) {
      const next = text.indexOf('\n', stop + 1)
      stop = next < 0 ? text.length : next
      at = stop + 1
    }
    const wrapped = /^(?:lib\.)?mk(?:Force|Default|Override\s+\d+)\s+/.exec(line.slice(match[0].length)) // of Nix
    const valueFrom = start + match[0].length + (wrapped?.[0].length ?? 0)
    const raw = text.slice(valueFrom, stop)
    const cut =
      /^(["'])(?:(?!\1).)*\1/.exec(raw)?.[0].length ?? /(?:\s[#;]|;\s*$)/.exec(raw)?.index ?? raw.length
    const setting: Setting = {
      key: match[2]!,
      keyStart: start + match[1]!.length,
      parents: section ? [section] : [],
      ...unquoted(text, valueFrom, valueFrom + cut),
      form: 'scalar',
      siblings,
      whole: { start, end: stop },
    }
    siblings.push(setting)
    settings.push(setting)
  }
  return settings
}

/**
 * Directives that stand inside a line (`server { listen 443; ssl_protocols TLSv1; }`) or spread over several, as nginx takes them. Those that begin
 * a line and end with it are left to `readIni`.
 */
export function inlineDirectives(text: string): Setting[] {
  const settings: Setting[] = []
  for (const match of text.matchAll(/(?<=(^|[{;])[ \t]*)([a-z][a-z0-9_]*)(\s+)([^;{}#"'=]*);/gm)) {
    const inside = match[1] !== ''
    if (!inside && !match[4]!.includes('\n') && !match[3]!.includes('\n')) continue
    const lineStart = text.lastIndexOf('\n', match.index) + 1
    if (/^\s*#/.test(text.slice(lineStart, match.index + 1))) continue
    const keyStart = match.index
    const start = keyStart + match[2]!.length + match[3]!.length
    settings.push({
      key: match[2]!,
      keyStart,
      parents: [],
      value: match[4]!,
      start,
      end: start + match[4]!.length,
      form: 'scalar',
      siblings: [],
    })
  }
  return settings
}

/** `tcp { port => 1 ssl_supported_protocols => ["TLSv1"] }` of Logstash: pairs behind another on one line. */
export function inlinePairs(text: string): Setting[] {
  const settings: Setting[] = []
  for (const match of text.matchAll(/=>\s*(\[[^\]\n]*\]|"[^"\n]*")/g)) {
    const key = /(?<!\w)[a-z]\w*(?=\s*$)/.exec(text.slice(Math.max(0, match.index - 100), match.index))?.[0]
    if (!key || !/tls|ssl/.test(key)) continue
    const keyStart = text.lastIndexOf(key, match.index)
    const before = text.slice(text.lastIndexOf('\n', keyStart) + 1, keyStart)
    if (before.includes('#') || !/\S.*[{\s]$/.test(before)) continue
    const end = match.index + match[0].length
    settings.push({
      key,
      keyStart,
      parents: [],
      ...unquoted(text, end - match[1]!.length, end),
      form: 'scalar',
      siblings: [],
    })
  }
  return settings
}

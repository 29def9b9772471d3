import { type Setting, unquoted } from './setting.ts'

interface Level {
  indent: number
  key: string
  parents: string[]
  siblings: Setting[]
  setting: Setting | undefined
  isItem: boolean
}

const entry =
  /^((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#'"{}[\],&*!|>%@`-](?:[^\n:]|::)*?|[-.][A-Za-z][^\n:]*?|<<|\{\{[^\n]*?\}\}[\w-]*))\s*:(?=\s|$)/

/**
 * Settings of a YAML text with their places. Reads line by line, so that templates (Helm, Jinja), short tags and broken documents do not stop
 * it; anchors and aliases are not followed.
 */
export function readYaml(text: string): Setting[] {
  const settings: Setting[] = []
  let levels: Level[] = []
  let rootSiblings: Setting[] = []
  let at = 0
  const length = text.length
  while (at < length) {
    const lineEnd = endOfLine(text, at)
    const line = text.slice(at, lineEnd)
    const lineStart = at
    at = lineEnd + 1
    if (
      /^\s*(?:#.*)?$/.test(line) ||
      /^\s*\{\{[-~]?\s*(?:if|else|end|range|with|define|include|template|\/\*)/.test(line)
    )
      continue
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
      levels = []
      rootSiblings = []
      continue
    }
    let indent = line.length - line.trimStart().length
    let from = lineStart + indent
    levels = levels.filter(
      level =>
        level.indent < indent ||
        (level.indent === indent && level.isItem === false && line.trimStart().startsWith('- ')),
    )
    // `- - key: value`: each dash opens an item.
    for (;;) {
      const dash = /^-(\s+|$)/.exec(text.slice(from, lineEnd))
      if (!dash) break
      levels = levels.filter(level => level.indent < indent || (level.indent === indent && !level.isItem))
      const parent = levels.at(-1)
      levels.push({
        indent,
        key: '',
        parents: parent ? pathOf(parent) : [],
        siblings: [],
        setting: parent?.setting,
        isItem: true,
      })
      indent += dash[0].length
      from += dash[0].length
    }
    const rest = text.slice(from, lineEnd)
    if (rest.trim() === '') continue
    const match = entry.exec(rest)
    const parent = levels.at(-1)
    const siblings = parent ? parent.siblings : rootSiblings
    const parents = parent ? pathOf(parent) : []
    if (!match) {
      if (/^[[{]/.test(rest.trim()) && !rest.trim().startsWith('{{')) {
        const end = flowEnd(text, from + rest.indexOf(rest.trim()[0]!), length)
        at = Math.max(at, endOfLine(text, end) + 1)
        readFlow(text, from, end, parents, siblings, settings, parent?.setting)
      } else if (parent?.isItem) {
        const item = scalar(text, from, lineEnd)
        const owner = parent.setting
        if (owner) {
          owner.items ??= []
          owner.items.push(item)
          owner.form = 'list'
          owner.end = item.end
          if (owner.items.length === 1) owner.start = item.start
          owner.value = owner.items.map(one => one.value).join(' ')
        }
      }
      continue
    }
    const key = unquoted(rest, 0, match[1]!.length)
    let valueFrom = from + match[0].length
    const head = /^\s*(?:(?:![\w:!.-]*|&\w+)\s+)*/.exec(text.slice(valueFrom, lineEnd))!
    valueFrom += head[0].length
    const setting: Setting = {
      key: key.value,
      keyStart: from,
      parents,
      value: '',
      start: valueFrom,
      end: valueFrom,
      form: 'scalar',
      siblings,
      whole: { start: from, end: lineEnd },
    }
    siblings.push(setting)
    settings.push(setting)
    const value = text.slice(valueFrom, lineEnd)
    if (/^[|>][-+0-9]*\s*(?:#.*)?$/.test(value)) {
      const block = blockText(text, lineEnd + 1, indent)
      setting.form = 'block'
      setting.start = lineEnd + 1
      setting.end = block
      setting.value = text.slice(setting.start, block)
      at = block >= length ? length : block
      if (text[at - 1] !== '\n' && text[at] === '\n') at++
      continue
    }
    if (/^[[{]/.test(value) && !value.startsWith('{{')) {
      const end = flowEnd(text, valueFrom, length)
      if (end > lineEnd) at = endOfLine(text, end) + 1
      setting.start = valueFrom
      setting.end = end
      setting.value = text.slice(valueFrom, end)
      readFlow(text, valueFrom, end, [...parents, key.value], [], settings, setting)
      continue
    }
    Object.assign(setting, scalar(text, valueFrom, lineEnd))
    if (value.trim() === '' || value.trim().startsWith('#'))
      levels.push({ indent, key: key.value, parents, siblings: [], setting, isItem: false })
  }
  return settings
}

function pathOf(level: Level): string[] {
  return level.isItem ? level.parents : [...level.parents, level.key]
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

/** A one-line scalar without quotes and trailing comment. */
function scalar(text: string, start: number, end: number): { value: string; start: number; end: number } {
  const raw = text.slice(start, end)
  const quote = raw.trimStart()[0]
  if (quote === '"' || quote === "'") {
    const open = start + raw.indexOf(quote)
    const close = text.indexOf(quote, open + 1)
    if (close > 0 && close < end) return { value: text.slice(open + 1, close), start: open + 1, end: close }
  }
  const comment = /\s#.*$/.exec(raw)
  return unquoted(text, start, comment ? start + comment.index : end)
}

function blockText(text: string, from: number, indent: number): number {
  let at = from
  while (at < text.length) {
    const end = endOfLine(text, at)
    const line = text.slice(at, end)
    if (line.trim() !== '' && line.length - line.trimStart().length <= indent) break
    at = end + 1
  }
  return Math.min(at, text.length)
}

function flowEnd(text: string, from: number, to: number): number {
  let depth = 0
  let quote = ''
  for (let at = from; at < to; at++) {
    const c = text[at]!
    if (quote) {
      if (c === '\\' && quote === '"') at++
      else if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else if (c === '{' || c === '[') depth++
    else if (c === '}' || c === ']') {
      if (--depth === 0) return at + 1
    }
    if (at - from > 20_000) break
  }
  return endOfLine(text, from)
}

/** `{a: b, c: [d, e]}` and `[a, b]` on one or more lines. */
function readFlow(
  text: string,
  from: number,
  to: number,
  parents: string[],
  siblings: Setting[],
  settings: Setting[],
  owner: Setting | undefined,
) {
  let start = from
  while (start < to && /\s/.test(text[start]!)) start++
  const close = to - 1
  for (const part of splitFlow(text, start + 1, close)) {
    const body = text.slice(part.start, part.end)
    const match = /^\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,:[\]{}"']+)\s*:(?=\s|["'[{])/.exec(body)
    if (match) {
      const key = unquoted(match[1]!, 0, match[1]!.length).value
      const valueFrom = part.start + match[0].length
      const value = unquoted(text, valueFrom, part.end)
      const setting: Setting = {
        key,
        keyStart: part.start,
        parents,
        ...value,
        form: 'scalar',
        siblings,
        whole: part,
      }
      siblings.push(setting)
      settings.push(setting)
      if (/^\s*[[{]/.test(text.slice(valueFrom, part.end)))
        readFlow(text, valueFrom, part.end, [...parents, key], [], settings, setting)
    } else if (/^\s*[[{]/.test(body)) readFlow(text, part.start, part.end, parents, [], settings, owner)
    else if (owner && body.trim() !== '') {
      owner.items ??= []
      owner.items.push(unquoted(text, part.start, part.end))
      owner.form = 'list'
    }
  }
}

function splitFlow(text: string, from: number, to: number): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = []
  let depth = 0
  let quote = ''
  let start = from
  for (let at = from; at < to; at++) {
    const c = text[at]!
    if (quote) {
      if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else if (c === '{' || c === '[') depth++
    else if (c === '}' || c === ']') depth--
    else if (c === ',' && depth === 0) {
      parts.push({ start, end: at })
      start = at + 1
    }
  }
  if (text.slice(start, to).trim() !== '') parts.push({ start, end: to })
  return parts.map(part => {
    while (part.start < part.end && /\s/.test(text[part.start]!)) part.start++
    while (part.end > part.start && /\s/.test(text[part.end - 1]!)) part.end--
    return part
  })
}

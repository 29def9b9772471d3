import type { StringForm, Syntax } from './syntax.ts'

/** `word` is a name, `string` any quoted text or symbol, `op` one operator, `open` and `close` brackets, `end` a line end that closes a statement. */
export type Kind = 'word' | 'number' | 'string' | 'op' | 'open' | 'close' | 'end'

export interface Token {
  kind: Kind
  start: number
  end: number
  /** Names and operators as written; the inside of a string, undecoded. */
  text: string
  /** Where the inside of a string begins. */
  inner: number
}

const operators = [
  '<<<',
  '>>>=',
  '|||',
  '&&&',
  '~~~',
  '===',
  '!==',
  '**=',
  '<<=',
  '>>=',
  '...',
  '..=',
  '->>',
  '?->',
  '<=>',
  '::',
  '->',
  '=>',
  '?.',
  '!.',
  ':=',
  '|=',
  '&=',
  '^=',
  '+=',
  '-=',
  '*=',
  '/=',
  '==',
  '!=',
  '<=',
  '>=',
  '<-',
  '=~',
  '!~',
  '&&',
  '||',
  '??=',
  '??',
  '++',
  '--',
  '<<',
  '>>',
  '..',
  '|>',
  '//',
]
const byFirst = new Map<string, string[]>()
for (const op of operators) byFirst.set(op[0]!, [...(byFirst.get(op[0]!) ?? []), op])
for (const list of byFirst.values()) list.sort((a, b) => b.length - a.length)

const isDigit = (code: number) => code >= 48 && code <= 57
const isLetter = (code: number) =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code > 127

/**
 * Tokens of a source text; comments and blanks are left out. Never throws and always ends: an unclosed string or comment runs to the end of
 * its line or of the text.
 */
export function lex(text: string, syntax: Syntax): Token[] {
  const tokens: Token[] = []
  const islands = syntax.island ? islandsOf(text, syntax.island) : [[0, text.length] as const]
  for (const [from, to] of islands) {
    const ends = syntax.endMark?.exec(text.slice(from, to))
    lexPart(text, from, ends ? from + ends.index : to, syntax, tokens)
  }
  return tokens
}

function islandsOf(
  text: string,
  { open, close }: { open: string; close: string },
): (readonly [number, number])[] {
  const found: [number, number][] = []
  let at = text.indexOf(open)
  if (at < 0) return [[0, text.length]]
  while (at >= 0) {
    const end = text.indexOf(close, at)
    const until = end < 0 ? text.length : end
    found.push([at + open.length, until])
    at = text.indexOf(open, until + 1)
  }
  return found
}

const [startsComment, startsString, startsName, goesOnName] = [1, 2, 4, 8] as const

const knownRoles = new WeakMap<Syntax, Uint8Array>()

/** What a token may begin with, by ASCII code; what a language lets stand in a name besides letters and digits. */
function rolesOf(syntax: Syntax): Uint8Array {
  const known = knownRoles.get(syntax)
  if (known) return known
  const roles = new Uint8Array(128)
  const mark = (texts: Iterable<string>, role: number) => {
    for (const text of texts) roles[text.charCodeAt(0)]! |= role
  }
  mark(
    syntax.strings.map(form => form.open),
    startsString,
  )
  mark([...(syntax.line ?? []), ...(syntax.block ?? []).map(block => block.open)], startsComment)
  mark(syntax.nameStart ?? '', startsName)
  mark(syntax.namePart ?? '', goesOnName)
  for (let code = 0; code < 128; code++) if (isLetter(code)) roles[code]! |= startsName
  knownRoles.set(syntax, roles)
  return roles
}

/**
 * What is rare has functions of its own, which give the place behind their token, or `at` where there is none: the engine compiles what is left the
 * sooner.
 */
function lexPart(text: string, from: number, to: number, syntax: Syntax, tokens: Token[]) {
  const depth: number[] = [] // char codes of open brackets, to know where line ends matter
  const roles = rolesOf(syntax)
  let directive = false
  let at = from
  while (at < to) {
    const code = text.charCodeAt(at)
    if (code === 32 || code === 9 || code === 13) {
      const next = text.charCodeAt(at + 1)
      at = next === 32 || next === 9 || next === 13 ? blanksEnd(text, at) : at + 1
      continue
    }
    if (code === 10) {
      if (directive) {
        if (!endsWithBackslash(text, at)) {
          directive = false
          add(tokens, text, 'end', at, at + 1)
        }
      } else if (syntax.newlines && lineEnds(text, at, syntax, tokens, depth))
        add(tokens, text, 'end', at, at + 1)
      at++
      continue
    }
    const role = code < 128 ? roles[code]! : startsName
    let past = at
    if (role & startsComment) past = commentEnd(text, at, to, syntax)
    if (past === at && code === 35 && syntax.preprocessor && atLineStart(text, at)) {
      directive = true
      past = directiveAt(text, at, tokens)
    }
    if (past === at && code === 60 && syntax.heredocs) past = heredocAt(text, at, to, tokens, depth)
    if (past === at && syntax.wordLists && (code === 37 || code === 113 || code === 126))
      past = wordListAt(text, at, to, tokens)
    if (past === at && role & startsString) past = quotedAt(text, at, to, syntax, tokens)
    if (past === at && code === 38 && syntax.basicNumbers) past = basicNumberAt(text, at, tokens)
    if (past === at && code === 58 && syntax.symbols) past = symbolAt(text, at, to, tokens)
    if (past > at) {
      at = past
      continue
    }
    if (role & startsName) {
      let end = wordEnd(text, at + 1)
      while (end < to && roles[text.charCodeAt(end)]! & goesOnName) end = wordEnd(text, end + 1)
      if (end > to) end = to
      if (end - at > 2 || !isPrefix(text, at, end, roles)) add(tokens, text, 'word', at, end)
      at = end
      continue
    }
    if (isDigit(code)) {
      at = numberAt(text, at, to, tokens)
      continue
    }
    if (code === 40 || code === 91 || code === 123) {
      depth.push(code)
      add(tokens, text, 'open', at, at + 1)
      at++
      continue
    }
    if (code === 41 || code === 93 || code === 125) {
      depth.pop()
      add(tokens, text, 'close', at, at + 1)
      at++
      continue
    }
    if (code === 47 && syntax.regexes && regexMayStart(tokens)) {
      const end = regexEnd(text, at, to)
      if (end > 0) {
        at = end
        add(tokens, text, 'number', at, at) // a value of no interest
        continue
      }
    }
    const op = byFirst.get(text[at]!)?.find(candidate => text.startsWith(candidate, at)) ?? text[at]!
    add(tokens, text, 'op', at, at + op.length)
    at += op.length
  }
}

function add(
  tokens: Token[],
  text: string,
  kind: Kind,
  start: number,
  end: number,
  innerStart = start,
  innerEnd = end,
) {
  tokens.push({ kind, start, end, text: text.slice(innerStart, innerEnd), inner: innerStart })
}

/** `#define` and its kin. */
function directiveAt(text: string, at: number, tokens: Token[]): number {
  const name = /#\s*\w*/y
  name.lastIndex = at
  const end = at + name.exec(text)![0].length
  add(tokens, text, 'word', at, end)
  return end
}

function heredocAt(text: string, at: number, to: number, tokens: Token[], depth: number[]): number {
  const doc = text.charCodeAt(at + 1) === 60 ? heredoc(text, at, to) : undefined
  if (!doc) return at
  add(tokens, text, 'string', at, doc.end, doc.bodyStart, doc.bodyEnd)
  for (const closer of closersBehind(text.slice(at, doc.bodyStart))) {
    const kind = closer === ';' ? 'op' : 'close'
    tokens.push({ kind, start: doc.end, end: doc.end, text: closer, inner: doc.end })
    if (kind === 'close') depth.pop()
  }
  return doc.end
}

/** `%w[TLSv1 TLSv1_1]` of Ruby, `~w(…)` of Elixir, `qw(…)` of Perl. */
function wordListAt(text: string, at: number, to: number, tokens: Token[]): number {
  const list = /(?:%[wWiI]|~w|qw|qq|q)\s?([([{</|!])/y
  list.lastIndex = at
  const match = list.exec(text)
  if (!match || isNamePart(text.charCodeAt(at - 1))) return at
  const close = closers[match[1]!] ?? match[1]!
  const end = text.indexOf(close, at + match[0].length)
  if (end <= 0 || end >= to) return at
  add(tokens, text, 'string', at, end + 1, at + match[0].length, end)
  return end + 1
}

function quotedAt(text: string, at: number, to: number, syntax: Syntax, tokens: Token[]): number {
  const form = syntax.strings.find(candidate => text.startsWith(candidate.open, at))
  const end = form ? stringEnd(text, at, to, form) : -1
  if (!form || end <= 0) return at
  const inner = at + form.open.length
  add(tokens, text, 'string', at, end, inner, Math.max(inner, end - form.close.length))
  return end
}

/** `:tlsv1` and `:"tlsv1.1"` of Ruby and Elixir. */
function symbolAt(text: string, at: number, to: number, tokens: Token[]): number {
  const quoteCode = text.charCodeAt(at + 1)
  if ((quoteCode === 34 || quoteCode === 39) && !/[\w"']/.test(text[at - 1] ?? ' ')) {
    const close = text.indexOf(text[at + 1]!, at + 2)
    if (close > 0 && close < to && !text.slice(at, close).includes('\n')) {
      add(tokens, text, 'string', at, close + 1, at + 2, close)
      return close + 1
    }
  }
  const symbol = /:([A-Za-z_][\w?!]*)(?!:)/y
  symbol.lastIndex = at
  const match = symbol.exec(text)
  if (!match || text.charCodeAt(at - 1) === 58 || isNamePart(text.charCodeAt(at - 1))) return at
  const end = at + match[0].length
  add(tokens, text, 'string', at, end, at + 1, end)
  return end
}

/** String prefixes of Python, C++, Rust, Scala: r'…', b"…", L"…", s"…". */
function isPrefix(text: string, at: number, end: number, roles: Uint8Array): boolean {
  const quoteCode = text.charCodeAt(end)
  return (
    (quoteCode === 34 || quoteCode === 39) &&
    (roles[quoteCode]! & startsString) !== 0 &&
    /^[rbufLsU8]{1,2}$/i.test(text.slice(at, end))
  )
}

/** `&HC0` of Basic. */
function basicNumberAt(text: string, at: number, tokens: Token[]): number {
  const number = /&h[\da-f_]+&?(?!\w)/iy
  number.lastIndex = at
  const end = at + (number.exec(text)?.[0].length ?? 0)
  if (end > at) add(tokens, text, 'number', at, end)
  return end
}

function numberAt(text: string, at: number, to: number, tokens: Token[]): number {
  const number = /0[xX][0-9A-Fa-f_]+|\d[\d_]*(?:\.\d+)*/y
  number.lastIndex = at
  const value = at + (number.exec(text)?.[0].length ?? 1)
  let end = value
  while (end < to && isNamePart(text.charCodeAt(end))) end++
  add(tokens, text, 'number', at, end, at, value)
  return end
}

const closers: Record<string, string> = { '(': ')', '[': ']', '{': '}', '<': '>' }

/** What the engine's patterns do at once; a loop over bytes is not compiled before it has run for long. */
const restOfWord = /[A-Za-z0-9_\u0080-\uffff]*/y
const blanks = /[ \t\r]+/y

function wordEnd(text: string, from: number): number {
  restOfWord.lastIndex = from
  restOfWord.test(text)
  return restOfWord.lastIndex
}

function blanksEnd(text: string, from: number): number {
  blanks.lastIndex = from
  blanks.test(text)
  return blanks.lastIndex
}

function isNamePart(code: number): boolean {
  return isLetter(code) || isDigit(code)
}

function atLineStart(text: string, at: number): boolean {
  for (let i = at - 1; i >= 0; i--) {
    const code = text.charCodeAt(i)
    if (code === 10) return true
    if (code !== 32 && code !== 9) return false
  }
  return true
}

function endsWithBackslash(text: string, newline: number): boolean {
  const before = text.charCodeAt(newline - 1) === 13 ? newline - 2 : newline - 1
  return text.charCodeAt(before) === 92
}

const joiningAfter = new Set([')', ']', '}'])

/** Whether a line end closes the statement: not inside ( or [, not after an operator, not before a line that goes on with one. */
function lineEnds(text: string, at: number, syntax: Syntax, tokens: Token[], depth: number[]): boolean {
  const inside = depth.at(-1)
  if (inside === 40 || inside === 91) return false
  const last = tokens.at(-1)
  if (!last || last.kind === 'end') return false
  if (last.kind === 'open') return false
  if (syntax.joinsLines === '\\' && endsWithBackslash(text, at)) {
    if (last.text === '\\') tokens.pop()
    return false
  }
  if (syntax.joinsLines === '`' && last.text === '`') {
    tokens.pop()
    return false
  }
  if (syntax.joinsLines === '_' && last.text === '_') {
    tokens.pop()
    return false
  }
  if (last.kind === 'op' && !joiningAfter.has(last.text) && !['++', '--', '?', '!', '*'].includes(last.text))
    return false
  if (last.kind === 'word' && /^(?:Or|And|-b?or|-band|-join|or|and)$/i.test(last.text) && syntax.foldsCase)
    return false
  const next =
    /\s*(?:(?:\/\/|#)[^\n]*\n\s*)*(\?\.|\.(?!\.)|\|\||&&|\|(?!>)|->|::|[=?:](?![=:A-Za-z"'])|Or\b|\+ )/y
  next.lastIndex = at
  const match = next.exec(text)
  return !(match && !(match[1] === 'Or' && !syntax.foldsCase))
}

function commentEnd(text: string, at: number, to: number, syntax: Syntax): number {
  for (const block of syntax.block ?? []) {
    if (!text.startsWith(block.open, at)) continue
    if (block.atLineStart && at > 0 && text.charCodeAt(at - 1) !== 10) continue
    if (block.atLineStart && !/[A-Za-z]/.test(text[at + 1] ?? '')) continue
    let depth = 1
    let i = at + block.open.length
    while (i < to) {
      if (text.startsWith(block.close, i)) {
        i += block.close.length
        if (--depth === 0) break
      } else if (block.nests && text.startsWith(block.open, i)) {
        depth++
        i += block.open.length
      } else i++
    }
    return i
  }
  for (const open of syntax.line ?? []) {
    if (!text.startsWith(open, at)) continue
    if (syntax.lineNeedsSpace && at > 0 && !/[\s;({[,}]/.test(text[at - 1]!)) continue
    if (/^rem /i.test(open) && !atLineStart(text, at)) continue
    if (open === '#' && text[at + 1] === '[' && syntax.island) continue // PHP attributes
    const end = text.indexOf('\n', at)
    return end < 0 || end > to ? to : end
  }
  return at
}

/** Offset past the closing quote, or -1 when this is no string. An unclosed one-line string ends with its line. */
function stringEnd(text: string, at: number, to: number, form: StringForm): number {
  let i = at + form.open.length
  while (i < to) {
    const code = text.charCodeAt(i)
    if (form.escape === '\\' && code === 92) i += 2
    else if (form.escape === '`' && code === 96) i += 2
    else if (text.startsWith(form.close, i)) {
      if (form.escape === 'double' && text.startsWith(form.close, i + form.close.length))
        i += 2 * form.close.length
      else {
        if (form.short && i - at > 3) return -1
        return i + form.close.length
      }
    } else if (code === 10 && !form.multiline) return form.short ? -1 : i
    else i++
    if (form.short && i - at > 4) return -1
  }
  return form.short ? -1 : to
}

function heredoc(text: string, at: number, to: number) {
  const opener = /<<<?([-~]?)\s?(["'`]?)([A-Za-z_]\w*)\2/y
  opener.lastIndex = at
  const match = opener.exec(text)
  if (!match || (match[2] === '' && !/^[A-Z_]/.test(match[3]!))) return undefined
  const bodyStart = text.indexOf('\n', at) + 1
  if (bodyStart === 0) return undefined
  const closing = new RegExp(`^[ \\t]*${match[3]}\\b`, 'm')
  const rest = text.slice(bodyStart, to)
  const end = closing.exec(rest)
  if (!end) return undefined
  return { bodyStart, bodyEnd: bodyStart + end.index, end: bodyStart + end.index + end[0].length }
}

/** What ends behind the opener of a heredoc ends after its text: brackets that were opened before it, and the statement. */
function closersBehind(line: string): string[] {
  const closers: string[] = []
  let opened = 0
  for (const [character] of line.matchAll(/[()[\]{};]/g))
    if ('([{'.includes(character)) opened++
    else if (character !== ';' && opened > 0) opened--
    else closers.push(character)
  return closers
}

function regexMayStart(tokens: Token[]): boolean {
  const last = tokens.at(-1)
  if (!last || last.kind === 'op' || last.kind === 'open' || last.kind === 'end') return true
  return last.kind === 'word' && /^(?:return|typeof|case|in|of|delete|void|throw|new)$/.test(last.text)
}

function regexEnd(text: string, at: number, to: number): number {
  let inClass = false
  for (let i = at + 1; i < to; i++) {
    const c = text[i]
    if (c === '\n') return -1
    if (c === '\\') i++
    else if (c === '[') inClass = true
    else if (c === ']') inClass = false
    else if (c === '/' && !inClass) {
      i++
      while (/[a-z]/i.test(text[i] ?? '')) i++
      return i
    }
  }
  return -1
}

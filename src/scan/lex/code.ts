import { lex, type Token } from './lexer.ts'
import { type CodeLanguage, type Syntax, syntaxes } from './syntax.ts'

/** A source text as tokens with its brackets matched. `up` is the enclosing open bracket, `mate` the other half of a bracket; -1 for none. */
export interface Code {
  kind: 'code'
  language: CodeLanguage
  text: string
  syntax: Syntax
  tokens: Token[]
  up: Int32Array
  mate: Int32Array
  /** Answers of `isCodeBlock`, per open brace: 0 not asked yet, 1 yes, 2 no. */
  blocks: Uint8Array
  /** Positions of every name, for following constants. */
  wordsAt(name: string): readonly number[]
}

export function readCode(text: string, language: CodeLanguage): Code {
  const syntax: Syntax = syntaxes[language]
  const tokens = lex(text, syntax)
  const up = new Int32Array(tokens.length).fill(-1)
  const mate = new Int32Array(tokens.length).fill(-1)
  const open: number[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token.kind === 'close') {
      // A stray closer is ignored; a missing one is forgiven as soon as an outer bracket closes.
      const want = token.text === ')' ? '(' : token.text === ']' ? '[' : '{'
      let k = open.length - 1
      while (k >= 0 && tokens[open[k]!]!.text !== want) k--
      if (k >= 0) {
        const partner = open[k]!
        open.length = k
        mate[partner] = i
        mate[i] = partner
      }
    }
    up[i] = open.at(-1) ?? -1
    if (token.kind === 'open') open.push(i)
  }
  let index: Map<string, number[]> | undefined
  const wordsAt = (name: string) => {
    index ??= indexWords(tokens)
    return index.get(name) ?? []
  }
  const blocks = new Uint8Array(tokens.length)
  return { kind: 'code', language, text, syntax, tokens, up, mate, blocks, wordsAt }
}

function indexWords(tokens: Token[]): Map<string, number[]> {
  const index = new Map<string, number[]>()
  tokens.forEach((token, i) => {
    if (token.kind !== 'word') return
    const list = index.get(token.text)
    if (list) list.push(i)
    else index.set(token.text, [i])
  })
  return index
}

/** The token that covers an offset, undefined for blanks and comments. */
export function tokenAt(code: Code, offset: number): Token | undefined {
  return code.tokens[tokenIndexAt(code, offset)]
}

/** Position of the token that covers an offset, -1 for blanks and comments. */
export function tokenIndexAt(code: Code, offset: number): number {
  let low = 0
  let high = code.tokens.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const token = code.tokens[middle]!
    if (offset < token.start) high = middle - 1
    else if (offset >= token.end) low = middle + 1
    else return middle
  }
  return -1
}

const joints = new Set(['.', '::', '->', '?.', '!.', '\\', '?->'])

export function isJoint(token: Token | undefined): boolean {
  return token?.kind === 'op' && joints.has(token.text)
}

/** First token of the dotted path that ends at `i`; `[Type]::Name` of PowerShell included. */
export function pathStart(code: Code, i: number): number {
  const { tokens } = code
  let at = i
  while (isJoint(tokens[at - 1])) {
    const before = tokens[at - 2]
    if (before?.kind === 'word') at -= 2
    else if (before?.text === ']' && code.language === 'powershell' && code.mate[at - 2]! >= 0)
      return code.mate[at - 2]!
    else if (tokens[at - 1]!.text === '::' || code.language === 'swift' || code.language === 'dart')
      return at - 1
    else break
  }
  return at
}

/** The dotted path that ends at token `i`, joined by dots: `System.Net.SecurityProtocolType.Tls`. */
export function pathOf(code: Code, i: number): string {
  const parts: string[] = []
  for (let at = pathStart(code, i); at <= i; at++) {
    const token = code.tokens[at]!
    if (token.kind === 'word') parts.push(token.text)
  }
  return parts.join('.')
}

/** Whether the path goes on after token `i`. */
export function pathContinues(code: Code, i: number): boolean {
  const next = code.tokens[i + 2]
  return (
    isJoint(code.tokens[i + 1]) &&
    next?.kind === 'word' &&
    !/^(?:rawValue|javaName|value|getJavaName|ordinal|toArray|toList|toSeq)$/.test(next.text)
  )
}

/** True where one statement ends and another begins: `;`, a line end, or a block that was closed just before a new word. */
export function endsStatement(code: Code, i: number): boolean {
  const token = code.tokens[i]!
  if (token.kind === 'end') return true
  if (token.kind === 'op') return token.text === ';'
  if (token.text !== '}') return false
  const next = code.tokens[i + 1]
  return next?.kind === 'word' && !code.syntax.newlines && next.start > token.end
}

/** First token of the element (argument, entry, statement) that holds token `i`. */
export function elementStart(code: Code, i: number): number {
  const parent = code.up[i]!
  const commas = parent >= 0
  let at = i
  while (at - 1 > parent) {
    const before = at - 1
    const token = code.tokens[before]!
    if (endsStatement(code, before)) break
    if (commas && token.kind === 'op' && token.text === ',') break
    at = token.kind === 'close' && code.mate[before]! >= 0 ? code.mate[before]! : before
  }
  return at
}

/** Past the last token of the element that holds token `i`. */
export function elementEnd(code: Code, i: number): number {
  const commas = code.up[i]! >= 0
  let at = i
  while (at < code.tokens.length) {
    const token = code.tokens[at]!
    if (token.kind === 'close') break
    if (
      token.kind === 'end' ||
      (token.kind === 'op' && (token.text === ';' || (commas && token.text === ',')))
    )
      break
    at = token.kind === 'open' && code.mate[at]! > at ? code.mate[at]! + 1 : at + 1
  }
  return at
}

/** The statement around token `i`: climbs out of ( and [ and of braces that hold entries rather than statements. */
export function statementStart(code: Code, i: number): number {
  let at = elementStart(code, i)
  for (let parent = code.up[at]!; parent >= 0; parent = code.up[at]!) {
    if (code.tokens[parent]!.text === '{' && isCodeBlock(code, parent)) break
    at = elementStart(code, parent)
  }
  return at
}

const blockWords =
  /^(?:if|else|for|foreach|while|do|switch|try|catch|finally|func|function|fun|fn|def|class|struct|namespace|static|void|public|private|protected|internal|sub|when|match|impl|interface|module|unsafe|using|lock|loop|get|set|begin|init|async|object|trait)$/i

/** A brace that holds statements, not entries. */
export function isCodeBlock(code: Code, open: number): boolean {
  if (open < 0) return true
  if (code.blocks[open] === 0) code.blocks[open] = holdsStatements(code, open) ? 1 : 2
  return code.blocks[open] === 1
}

function holdsStatements(code: Code, open: number): boolean {
  if (code.tokens[open]!.text !== '{') return false
  const before = code.tokens[open - 1]
  if (!before) return true
  if (
    before.text === ')' ||
    before.text === '=>' ||
    before.text === '->' ||
    before.kind === 'end' ||
    before.text === ';'
  ) {
    // `Foo(…) { … }` may be a C# initializer; statements have a `;` or a line end inside.
    let commas = false
    for (let k = open + 1; k < (code.mate[open]! < 0 ? code.tokens.length : code.mate[open]!); k++) {
      if (code.tokens[k]!.kind === 'open' && code.mate[k]! > k) k = code.mate[k]!
      else if (code.tokens[k]!.text === ';' || code.tokens[k]!.kind === 'end') return true
      else if (code.tokens[k]!.text === ',') commas = true
    }
    // A member of a list, behind a directive or the start of a fragment of C.
    if (commas && code.syntax.preprocessor && (before.kind === 'end' || before.text === ';')) return false
    return before.text !== ')' || !/^new$/.test(code.tokens[statementHead(code, open)]?.text ?? '')
  }
  if (before.kind === 'word' && blockWords.test(before.text)) return true
  if (code.language === 'groovy' && before.kind === 'word') return true // a closure
  const head = elementStart(code, open)
  if (code.tokens[head]?.kind !== 'word' || !blockWords.test(code.tokens[head]!.text)) return false
  // `static readonly X = new Y { … }` holds members, whatever stands at its head.
  return !code.tokens.slice(head, open).some(token => token.kind === 'op' && token.text === '=')
}

function statementHead(code: Code, open: number): number {
  return elementStart(code, open)
}

/** Names in front of an open brace: `enum Wire` of `enum Wire { … }`. */
export function headerWords(code: Code, open: number): string[] {
  const words: string[] = []
  for (let at = elementStart(code, open); at < open; at++)
    if (code.tokens[at]!.kind === 'word') words.push(code.tokens[at]!.text)
  return words
}

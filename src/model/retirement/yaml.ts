import { type Document, LineCounter, parseDocument, visit, type YAMLError } from 'yaml'
import type { Note } from './notes.ts'

export interface ParsedYaml {
  document: Document
  lines: LineCounter
  /** Mistakes of YAML itself: quotes, indentation, keys said twice. */
  problems: Note[]
}

/** What the parser reads without trouble, and far more than a retirement file needs. */
const deepest = 100

/** Reads YAML without throwing. Of the mistakes of one line the first is reported: the others mostly follow from it. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter()
  const deepAt = tooDeepAt(text)
  const document = parseDocument(deepAt === undefined ? text : '', {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    merge: true,
  })
  if (deepAt !== undefined) return { document, lines, problems: [deepProblem(text, deepAt)] }
  const problems = [...document.errors, ...document.warnings, ...lostAliases(document)].map(error => {
    const { line, col } = lines.linePos(error.pos[0])
    const { message = lowerFirst(error.message), hint } = wording[error.code] ?? {}
    return { line: Math.max(line, 1), column: Math.max(col, 1), path: '', message, ...(hint && { hint }) }
  })
  return { document, lines, problems: problems.filter((one, i) => one.line !== problems[i - 1]?.line) }
}

type Mistake = Pick<YAMLError, 'code' | 'pos' | 'message'>

/** Sentences of the parser that are about its own functions, or that leave the way out unsaid. */
const wording: Partial<Record<YAMLError['code'], { message?: string; hint?: string }>> = {
  MULTIPLE_DOCS: {
    message: 'a second document begins here',
    hint: 'one retirement, one file: take out --- and what follows',
  },
  TAB_AS_INDENT: { hint: 'use spaces' },
  DUPLICATE_KEY: { message: 'this key is there already', hint: 'keep one of the two' },
  BLOCK_AS_IMPLICIT_KEY: { message: 'this belongs to no key above it', hint: 'check the indentation' },
  TAG_RESOLVE_FAILED: { hint: 'take out the word with !' },
  MISSING_CHAR: { hint: 'look for a quote, bracket or brace that is not closed' },
}

/** Aliases to anchors that are not there before them. */
function lostAliases(document: Document): Mistake[] {
  const lost: Mistake[] = []
  const anchors = new Set<string>()
  visit(document, {
    Node(_, node) {
      if ('anchor' in node && node.anchor) anchors.add(node.anchor)
    },
    Alias(_, alias) {
      if (!anchors.has(alias.source))
        lost.push({
          code: 'BAD_ALIAS',
          pos: [alias.range?.[0] ?? 0, alias.range?.[1] ?? 0],
          message: `there is no anchor &${alias.source} before this alias`,
        })
    },
  })
  return lost
}

/**
 * Offset from which a file is nested deeper than anybody writes. Parsers of YAML call themselves for each level, and near the end of the stack
 * the engine may end the process instead of throwing; so this looks at brackets and indentation before.
 */
function tooDeepAt(text: string): number | undefined {
  let brackets = 0
  let inLine = 0
  let atStart = true
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char === '\n') {
      inLine = 0
      atStart = true
    } else if (char === '[' || char === '{') brackets++
    else if (char === ']' || char === '}') brackets = Math.max(0, brackets - 1)
    if (atStart && (char === ' ' || char === '-' || char === '?')) inLine++
    else if (char !== '\n') atStart = false
    if (brackets > deepest || inLine > 2 * deepest) return at
  }
  return undefined
}

function deepProblem(text: string, offset: number): Note {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - before.lastIndexOf('\n'), path: '', message: 'nested too deeply' }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '')
}

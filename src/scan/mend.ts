import type { Edit } from '../model/finding.ts'
import type { Version } from '../model/version.ts'
import type { CodeSearch, Raising } from './find-code.ts'
import type { Role } from './judge.ts'
import { type Code, elementEnd, elementStart, isCodeBlock } from './lex/code.ts'
import type { Atom, Slot } from './lex/flow.ts'
import { wordVersion } from './words.ts'

/**
 * Edits for one setting: legacy members leave a list that keeps a modern one; a setting with legacy members only is raised or dropped.
 * Undefined when a person has to decide: a value that came through a name, or a list whose rest would not parse.
 */
export function mendAtoms(
  code: Code,
  atoms: readonly Atom[],
  floor: Version,
  search: Pick<CodeSearch, 'raise' | 'whenPinned'>,
  about: Raising,
): Edit[] | undefined {
  const { role, slot } = about
  const old = atoms.filter(
    atom => atom.versions.length > 0 && atom.versions.every(version => version < floor),
  )
  const kept = atoms.filter(atom => atom.versions.some(version => version >= floor))
  // One text with old and new names: `'Tls11,Tls12'`.
  const mixed = kept.filter(atom => atom.versions.some(version => version < floor))
  if (mixed.length > 0) {
    // What a list takes out or puts in by sign is spelled anew as a whole, or not at all.
    if (mixed.some(atom => /[!]|(?:^|[\s,:"'])[+-]/.test(atom.text))) {
      const texts = mixed.map(atom => search.raise?.(atom.text, about))
      if (old.length > 0 || texts.includes(undefined)) return undefined
      return mixed.map((atom, k) => ({ start: atom.start, end: atom.end, text: texts[k]! }))
    }
    const edits = mixed.map(atom => ({
      start: atom.start,
      end: atom.end,
      text: withoutLegacyNames(atom.text),
    }))
    return old.length === 0 ? edits : undefined
  }
  if (old.length === 0) return undefined
  if (slot && namesOnlyTheFirst(code, slot)) return undefined
  // Each member has its place: `a, b = x, y`, `min_max_version(x, y)`.
  if (slot && (slot.op === ',=' || /min_?max/i.test(slot.name))) return raiseEach(old, search, about)
  const here = slot ? old.every(atom => slot.from <= atom.from && atom.last < slot.to) : false
  if (kept.length === 0 && here && slot && mayDrop(slot, role, search.whenPinned)) {
    const dropped = dropSlot(code, slot)
    if (dropped) return dropped
  }
  if (kept.length > 0 && role !== 'min' && role !== 'max') return removeMembers(code, old)
  const [first, ...rest] = old
  const raised = search.raise?.(first!.text, about)
  if (raised === undefined || wantsImport(code.text, first!.text, raised)) return undefined
  if (rest.length > 0 && role !== 'min' && role !== 'max') {
    const removed = removeMembers(code, rest)
    return removed && [{ start: first!.start, end: first!.end, text: raised }, ...removed]
  }
  return raiseEach(old, search, about)
}

/** `from OpenSSL.SSL import TLSv1_METHOD`: the name that would take the place of an imported one is not known to the file. */
function wantsImport(text: string, old: string, raised: string): boolean {
  if (!/^\w+$/.test(old) || new RegExp(`(?<![\\w.])${raised.replace(/\W/g, '\\$&')}(?!\\w)`).test(text))
    return false
  return new RegExp(`^[ \\t]*(?:from\\s[^\\n]*\\s)?import\\s[^\\n]*(?<!\\w)${old}(?!\\w)`, 'm').test(text)
}

function raiseEach(old: readonly Atom[], search: Pick<CodeSearch, 'raise'>, about: Raising): Edit[] {
  return old.flatMap(atom => {
    const text = search.raise?.(atom.text, about)
    return text === undefined ? [] : [{ start: atom.start, end: atom.end, text }]
  })
}

/** `['ssl_protocols', 'TLSv1', 'TLSv1.2']`: the name is followed by more than one version. */
function namesOnlyTheFirst(code: Code, slot: Slot): boolean {
  const next = code.tokens[slot.to + 1]
  return (
    slot.kind === 'pair' &&
    code.tokens[slot.to]?.text === ',' &&
    next?.kind === 'string' &&
    wordVersion(next.text) !== undefined
  )
}

function mayDrop(slot: Slot, role: Role, when: CodeSearch['whenPinned']): boolean {
  if (role === 'max' || role === 'adds' || when === 'drop') return true
  return when instanceof RegExp && when.test(slot.name)
}

const legacyName = /^(?:tls|tls_?v?1(?:[._]?[01])?|ssl_?v?[23](?:[._]?0)?)$/i

/** `'Tls11,Tls12'` without its legacy names, the separators of the rest kept. */
function withoutLegacyNames(text: string): string {
  const quote = /^["'`]/.exec(text)?.[0] ?? ''
  const body = quote ? text.slice(1, -1) : text
  const separator = /[\w.]([\s,;|:+]+)[\w.]/.exec(body)?.[1] ?? ','
  const kept = body.split(/[\s,;|:+]+/).filter(word => word !== '' && !legacyName.test(word))
  return `${quote}${kept.join(separator)}${quote}`
}

const joiners = new Set(['|', ',', '+', '|||', '||'])

/** Takes members out of a list joined by `|`, `,`, `+`, `Or`, `-bor`, each with one neighbour operator. */
export function removeMembers(code: Code, members: readonly Atom[]): Edit[] | undefined {
  const edits: Edit[] = []
  const gone = new Set<number>()
  const isGone = (i: number) => gone.has(i)
  for (const member of members) {
    let from = member.from
    let last = member.last
    // A cast or brackets around the one member go with it.
    for (;;) {
      const before = code.tokens[from - 1]
      const after = code.tokens[last + 1]
      if (before?.text === ')' && code.mate[from - 1]! >= 0 && code.tokens[member.from]!.kind === 'number')
        from = code.mate[from - 1]!
      else if (before?.text === '(' && after?.text === ')' && code.tokens[from - 2]?.kind !== 'word') {
        from--
        last++
      } else break
    }
    for (let i = from; i <= last; i++) gone.add(i)
    const right = joinerAt(code, last + 1, 1)
    const left = joinerAt(code, from - 1, -1)
    // In `f(x, A | B)` the comma parts arguments; the list is what the bar joins.
    const isArgument =
      left && right && code.tokens[left.near]!.text === ',' && code.tokens[right.near]!.text !== ','
    if (left && !isGone(left.near) && !isArgument) {
      for (let i = left.far; i <= left.near; i++) gone.add(i)
      edits.push({ start: code.tokens[left.far - 1]!.end, end: code.tokens[last]!.end, text: '' })
    } else if (right && !isGone(right.near)) {
      for (let i = right.near; i <= right.far; i++) gone.add(i)
      edits.push({ start: code.tokens[from]!.start, end: code.tokens[right.far + 1]!.start, text: '' })
    } else return undefined
  }
  return mergeEdits(edits)
}

/** The operator next to a member: token positions nearest to and farthest from it. */
function joinerAt(code: Code, i: number, step: 1 | -1): { near: number; far: number } | undefined {
  const token = code.tokens[i]
  if (!token) return undefined
  if (token.kind === 'op' && joiners.has(token.text)) return { near: i, far: i }
  if (token.kind === 'word' && /^(?:Or|or)$/.test(token.text)) return { near: i, far: i }
  const word = step === 1 ? code.tokens[i + 1] : token
  const dash = step === 1 ? token : code.tokens[i - 1]
  if (dash?.text === '-' && word && /^bor$/i.test(word.text))
    return step === 1 ? { near: i, far: i + 1 } : { near: i, far: i - 1 }
  return undefined
}

/** Deletes the whole setting: a statement with its line, or an entry with its comma. Undefined where that would leave nothing to parse. */
function dropSlot(code: Code, slot: Slot): Edit[] | undefined {
  if (slot.kind !== 'set') return undefined
  const parent = code.up[slot.at]!
  const from = elementStart(code, slot.at)
  const end = elementEnd(code, slot.at)
  const { text, tokens } = code
  if (parent < 0 || isCodeBlock(code, parent)) {
    // A statement goes only when it is nothing but this assignment, alone on its lines.
    if (slot.op === ':' || slot.op === '-' || slot.to !== end) return undefined
    if (
      /^(?:var|let|const|val|final|static|public|private|protected|internal|return|if|else|unless|while|until|for|foreach|using|lock|switch|case|default|dim|def|fun|fn|func|sub|function)$/i.test(
        tokens[from]!.text,
      )
    )
      return undefined
    // What the assignment is the body or the labelled end of would go with it.
    for (let at = from; at < slot.at; at++) if (/^(?:=>|->|:)$/.test(tokens[at]!.text)) return undefined
    if (tokens[from - 1]?.text === ')' || /^(?:else|then|do)$/.test(tokens[from - 1]?.text ?? ''))
      return undefined
    const past = tokens[end]?.text === ';' ? tokens[end]!.end : tokens[end - 1]!.end
    if (parent >= 0 && code.language === 'python') return undefined
    return [wholeLines(text, tokens[from]!.start, past)]
  }
  if (from !== slot.at - 1 && tokens[from]!.text !== '[') {
    const named = tokens[slot.at - 1]
    if (named?.kind !== 'word' && named?.kind !== 'string') return undefined
  }
  for (let at = from; at < slot.at; at++) if (/^(?:=>|->)$/.test(tokens[at]!.text)) return undefined // the body of a lambda
  // The default of a parameter: whoever leaves it out counts on it.
  const after = tokens[(code.mate[parent] ?? -1) + 1]?.text
  if (tokens[parent]!.text === '(' && code.mate[parent]! > 0 && (after === '{' || after === '=>'))
    return undefined
  const comma = tokens[end]?.text === ','
  if (/^(?:def|function|fun|func|fn|lambda)$/.test(tokens[elementStart(code, parent)]!.text)) return undefined // a parameter's default
  if (comma) {
    const next = tokens[end + 1]
    return [
      {
        start: tokens[from]!.start,
        end: next && next.kind !== 'close' ? next.start : tokens[end]!.end,
        text: '',
      },
    ]
  }
  const before = tokens[from - 1]
  const start = before?.text === ',' ? before.start : tokens[from]!.start
  const last = tokens[end - 1]!.end
  const blank = text[start - 1] === ' ' && text[last] === ' ' ? 1 : 0
  return [{ start, end: last + blank, text: '' }]
}

/** The span, with its line end when nothing else stands on its lines. */
export function wholeLines(text: string, start: number, end: number): Edit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const lineEnd = text.indexOf('\n', end)
  const tail = text.slice(end, lineEnd < 0 ? text.length : lineEnd)
  if (text.slice(lineStart, start).trim() === '' && tail.trim() === '')
    return { start: lineStart, end: lineEnd < 0 ? text.length : lineEnd + 1, text: '' }
  return { start, end, text: '' }
}

export function mergeEdits(edits: readonly Edit[]): Edit[] | undefined {
  const sorted = [...edits].sort((a, b) => a.start - b.start)
  for (let k = 1; k < sorted.length; k++) if (sorted[k]!.start < sorted[k - 1]!.end) return undefined
  return sorted
}

import { type Code, elementEnd, elementStart, endsStatement, isCodeBlock, pathOf, pathStart } from './code.ts'
import { compares } from './comparing.ts'

/**
 * A place that takes a value under a name: `name = value`, `name: value`, `"name" => value`, `f(name, value)`, `-Name value`, or an argument of a
 * call (its name is then the function's). `from` and `to` are token positions of the value, `to` past the end.
 */
export interface Slot {
  /** As written, last part: `SecurityProtocol`, `minVersion`, `https.protocols`. */
  name: string
  /** With what it hangs on: `ServicePointManager.SecurityProtocol`, `SSLContext.getInstance`. */
  path: string
  op: string
  /** Token of the operator or of the open bracket; one slot, one number. */
  at: number
  from: number
  to: number
  kind: 'set' | 'call' | 'pair'
  /** For a call: positions of its arguments. */
  args?: { from: number; to: number }[]
}

const assigning = new Set(['=', ':', '=>', ':=', '|=', '&=', '+=', '-=', '^=', '<-', '||=', '??=', '?:'])

/** Every slot of the text, in order. */
export function slotsOf(code: Code): Slot[] {
  const slots: Slot[] = []
  const { tokens } = code
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token.kind === 'op' && assigning.has(token.text)) {
      const several = code.language === 'go' && token.text !== ':' ? tuple(code, i) : []
      const slot = several.length > 0 ? undefined : assignment(code, i)
      slots.push(...several)
      if (slot) slots.push(slot)
    } else if (token.kind === 'op' && token.text === '-' && code.language === 'powershell') {
      const slot = parameter(code, i)
      if (slot) slots.push(slot)
    } else if (token.kind === 'open' && (token.text === '(' || token.text === '[' || token.text === '{')) {
      slots.push(...callAt(code, i))
    } else if (token.kind === 'word') {
      const slot = bareCall(code, i)
      if (slot) slots.push(slot)
    }
  }
  return slots
}

function assignment(code: Code, op: number): Slot | undefined {
  const { tokens } = code
  const text = tokens[op]!.text
  if (text === ':' && isTernary(code, op)) return undefined
  // What stands after the colon of a header is its body.
  if (
    text === ':' &&
    code.language === 'python' &&
    /^(?:class|def|for|while|with|if|elif|async)$/.test(tokens[elementStart(code, op)]!.text) &&
    code.up[op]! < 0
  )
    return undefined
  const named = nameBefore(code, op)
  if (!named || compares(code, op)) return undefined
  const from = op + 1
  const first = tokens[from]
  const isEmpty = !first || first.kind === 'close' || first.kind === 'end' || first.text === ';'
  return isEmpty || (first.text === ',' && (code.up[from]! >= 0 || startsPair(code, from + 1)))
    ? undefined
    : new Assigned(code, named, op)
}

/** Most are never asked where their value ends and what they hang on. */
class Assigned implements Slot {
  readonly kind = 'set'
  readonly name: string
  readonly op: string
  readonly at: number
  readonly from: number
  readonly #code: Code
  readonly #nameAt: number
  #path: string | undefined
  #to: number | undefined

  constructor(code: Code, named: Named, op: number) {
    this.name = named.name
    this.op = code.tokens[op]!.text
    this.at = op
    this.from = op + 1
    this.#code = code
    this.#nameAt = named.at
  }

  get path(): string {
    this.#path ??= this.#nameAt < 0 ? this.name : pathOf(this.#code, this.#nameAt)
    return this.#path
  }

  get to(): number {
    this.#to ??= valueEnd(this.#code, this.from)
    return this.#to
  }
}

/** `a.MinVersion, a.MaxVersion = x, y` of Go: each name with its value. The operator is called `,=`. */
function tuple(code: Code, op: number): Slot[] {
  const { tokens } = code
  const names: number[] = [op - 1]
  for (let at = op - 1; at > code.up[op]! && !endsStatement(code, at); at--) {
    if (tokens[at]!.kind === 'close' && code.mate[at]! >= 0) at = code.mate[at]!
    else if (tokens[at]!.text === ',') names.unshift(at - 1)
  }
  if (names.length < 2) return []
  const slots: Slot[] = []
  let from = op + 1
  let separator = op
  for (let at = op + 1; at <= tokens.length && slots.length < names.length; at++) {
    const token = tokens[at]
    if (token?.kind === 'open' && code.mate[at]! > at) at = code.mate[at]!
    else if (!token || token.text === ',' || token.kind === 'close' || endsStatement(code, at)) {
      const name = names[slots.length]!
      if (tokens[name]?.kind !== 'word' || at === from) return []
      slots.push({
        name: tokens[name]!.text,
        path: pathOf(code, name),
        op: ',=',
        at: separator,
        from,
        to: at,
        kind: 'set',
      })
      separator = at
      from = at + 1
      if (token?.text !== ',') break
    }
  }
  return slots
}

function isTernary(code: Code, colon: number): boolean {
  const start = elementStart(code, colon)
  for (let at = colon - 1; at > start; at--) {
    const token = code.tokens[at]!
    if (token.kind === 'close' && code.mate[at]! >= 0) at = code.mate[at]!
    else if (token.text === '?' && at < colon - 1) return true
  }
  return false
}

/** A name with the token that it is, or -1 where a string says it. */
interface Named {
  name: string
  at: number
}

/** The name that the operator at `op` gives a value to. */
export function nameBefore(code: Code, op: number): Named | undefined {
  const { tokens } = code
  const before = tokens[op - 1]
  if (!before) return undefined
  let at = op - 1
  if (before.text === '?' || before.text === '!') at-- // `name?: type` of TypeScript
  const token = tokens[at]
  if (!token) return undefined
  if (token.kind === 'string') return { name: token.text, at: -1 }
  if (token.text === ']' && code.mate[at]! >= 0) {
    const inside = tokens[code.mate[at]! + 1]
    if (inside?.kind === 'string') return { name: inside.text, at: -1 }
    if (inside?.kind === 'word' && tokens[code.mate[at]! - 1]?.kind !== 'word') {
      return named(code, at - 1)
    }
    at = code.mate[at]! - 1
  } else if (token.text === ')' && code.mate[at]! > 0) {
    const inside = tokens[code.mate[at]! + 1]
    if (inside?.kind === 'string' && code.mate[at]! + 2 === at) return { name: inside.text, at: -1 }
    at = code.mate[at]! - 1
  }
  const word = tokens[at]
  if (word?.kind !== 'word') return undefined
  const start = pathStart(code, at)
  // `name: Type = v`, `Dim name As Type = v`, `var name type = v`: the name is in front of the type.
  if (tokens[op]!.text === '=') {
    const head = elementStart(code, op)
    for (let k = start - 1; k > head; k--) {
      const t = tokens[k]!
      // `case X: name = v` has a label in front instead.
      if (t.kind === 'op' && t.text === ':' && /^(?:case|default)$/.test(tokens[head]!.text)) break
      if (t.kind === 'op' && t.text === ':' && tokens[k - 1]?.kind === 'word') return named(code, k - 1)
      if (t.kind === 'word' && /^As$/i.test(t.text) && tokens[k - 1]?.kind === 'word')
        return named(code, k - 1)
      if (t.kind === 'op' && t.text === ',') break
    }
    if (code.language === 'go' && start - head === 2 && /^(?:var|const)$/.test(tokens[head]!.text))
      return named(code, start - 1)
  }
  return { name: word.text, at }
}

function named(code: Code, at: number): Named {
  return { name: code.tokens[at]!.text, at }
}

/** Past the value that begins at `from`: the element's end, or the comma before the next named value where commas do not close elements. */
function valueEnd(code: Code, from: number): number {
  const first = code.tokens[from]
  if (!first || first.kind === 'close' || first.kind === 'end') return from
  const end = elementEnd(code, from)
  if (code.up[from]! >= 0 && !isCodeBlock(code, code.up[from]!)) return end
  for (let at = from; at < end; at++) {
    const token = code.tokens[at]!
    if (token.kind === 'open' && code.mate[at]! > at) at = code.mate[at]!
    else if (token.kind === 'op' && token.text === ',' && startsPair(code, at + 1)) return at
  }
  return end
}

function startsPair(code: Code, at: number): boolean {
  const next = code.tokens[at + 1]
  return next?.kind === 'op' && (next.text === ':' || next.text === '=>' || next.text === '=')
}

const psOperators =
  /^(?:b?or|b?and|b?xor|b?not|c?eq|c?ne|c?like|c?match|notmatch|join|split|replace|in|notin|contains|notcontains|gt|lt|ge|le|is|as|f)$/i

/** `-Name value` of a PowerShell command. */
function parameter(code: Code, dash: number): Slot | undefined {
  const word = code.tokens[dash + 1]
  if (word?.kind !== 'word' || word.start !== code.tokens[dash]!.end || psOperators.test(word.text))
    return undefined
  if (code.tokens[dash - 1]?.end === code.tokens[dash]!.start) return undefined // `Enable-TlsVersion` is one name
  let from = dash + 2
  if (code.tokens[from]?.text === ':') from++
  let to = from
  while (to < code.tokens.length) {
    const token = code.tokens[to]!
    if (token.kind === 'end' || token.kind === 'close' || token.text === ';' || token.text === '|') break
    if (
      token.text === '-' &&
      code.tokens[to + 1]?.kind === 'word' &&
      !psOperators.test(code.tokens[to + 1]!.text)
    )
      break
    to = token.kind === 'open' && code.mate[to]! > to ? code.mate[to]! + 1 : to + 1
  }
  const command = code.tokens[elementStart(code, dash)]?.text ?? ''
  return to > from
    ? { name: word.text, path: `${command}.${word.text}`, op: '-', at: dash, from, to, kind: 'set' }
    : undefined
}

/** Arguments of the bracket at `open`: token ranges between commas. */
export function argumentsOf(code: Code, open: number): { from: number; to: number }[] {
  const close = code.mate[open]! > open ? code.mate[open]! : Math.min(code.tokens.length, open + 400)
  const found: { from: number; to: number }[] = []
  let from = open + 1
  for (let at = open + 1; at <= close; at++) {
    const token = code.tokens[at]
    if (at === close || (token?.kind === 'op' && token.text === ',')) {
      if (at > from) found.push({ from, to: at })
      from = at + 1
    } else if (token?.kind === 'open' && code.mate[at]! > at) at = code.mate[at]!
  }
  return found
}

const keywords =
  /^(?:in|is|and|or|not|if|elif|elsif|elseif|while|return|yield|case|when|assert|await|throw|else|then|do|of|switch|match|for|foreach|until|unless|catch)$/i

/** The function that the bracket at `open` calls; undefined when it only groups. */
export function calleeOf(code: Code, open: number): { name: string; path: string; at: number } | undefined {
  const { tokens } = code
  let at = open - 1
  if (tokens[at]?.text === '!') at-- // Rust macros
  if (tokens[at]?.text === '>') {
    let depth = 1
    for (at--; at > 0 && depth > 0 && open - at < 60; at--) {
      if (tokens[at]!.text === '>') depth++
      else if (tokens[at]!.text === '<') depth--
    }
  }
  const word = tokens[at]
  // `-bnot (…)` is an operator.
  if (code.language === 'powershell' && word && psOperators.test(word.text) && tokens[at - 1]?.text === '-')
    return undefined
  return word?.kind === 'word' && !keywords.test(word.text)
    ? { name: word.text, path: pathOf(code, at), at }
    : undefined
}

function callAt(code: Code, open: number): Slot[] {
  const args = argumentsOf(code, open)
  if (args.length === 0 || args.length > 60) return []
  const callee = code.tokens[open]!.text === '(' ? calleeOf(code, open) : undefined
  // `def version(:tlsv1)` of Elixir defines, and its arguments are patterns.
  const defines = callee && /^defp?$/.test(code.tokens[callee.at - 1]?.text ?? '')
  if (defines && code.language === 'elixir') return []
  const slots: Slot[] = []
  if (callee)
    slots.push({
      name: callee.name,
      path: callee.path,
      op: '(',
      at: open,
      from: args[0]!.from,
      to: args.at(-1)!.to,
      kind: 'call',
      args,
    })
  // `set(NAME, value)`, `{name, value}`, `["name", value]`: an argument may name the one after it.
  for (let k = 0; k + 1 < args.length; k++) {
    const { from, to } = args[k]!
    const last = code.tokens[to - 1]!
    if (last.kind !== 'word' && !(last.kind === 'string' && to - from === 1)) continue
    // `{"SSL", "SSLv2", "SSLv3"}` is a list; `["ssl_protocols", "SSLv3", "TLSv1"]` names what it holds.
    const isMember = k > 0 && !callee && args.length > 2
    if (last.kind === 'string' && (isMember || /^(?:ssl|tls)$/i.test(last.text))) continue
    if (startsPair(code, args[k + 1]!.from)) continue // it has a name of its own
    if (last.kind === 'word' && pathStart(code, to - 1) !== from) continue
    slots.push({
      name: last.text,
      path: last.kind === 'word' ? pathOf(code, to - 1) : last.text,
      op: ',',
      at: to,
      from: args[k + 1]!.from,
      to: args[k + 1]!.to,
      kind: 'pair',
    })
  }
  return slots
}

/** Past the last argument of a call without brackets: in a block, commas do not end it. */
function argumentsEnd(code: Code, from: number): number {
  const open = code.up[from]!
  if (open < 0 || !isCodeBlock(code, open)) return valueEnd(code, from)
  let at = from
  while (at < code.tokens.length && code.tokens[at]!.kind !== 'close' && !endsStatement(code, at))
    at = code.tokens[at]!.kind === 'open' && code.mate[at]! > at ? code.mate[at]! + 1 : at + 1
  return at
}

const bareCallers = new Set(['ruby', 'groovy', 'elixir', 'perl', 'hcl', 'erlang'])

/** `ssl_version :TLSv1` of Ruby, `protocols 'TLSv1'` of Groovy: a call without brackets. */
function bareCall(code: Code, i: number): Slot | undefined {
  if (!bareCallers.has(code.language)) return undefined
  const next = code.tokens[i + 1]
  if (next?.kind !== 'string' && next?.text !== '[') return undefined
  if (next.start === code.tokens[i]!.end) return undefined
  if (!isCodeBlock(code, code.up[i]!) && code.up[i]! >= 0) return undefined
  const from = i + 1
  const to = argumentsEnd(code, from)
  const args: { from: number; to: number }[] = []
  let start = from
  for (let at = from; at <= to; at++) {
    if (at === to || code.tokens[at]!.text === ',') {
      if (at > start) args.push({ from: start, to: at })
      start = at + 1
    } else if (code.tokens[at]!.kind === 'open' && code.mate[at]! > at) at = code.mate[at]!
  }
  return { name: code.tokens[i]!.text, path: pathOf(code, i), op: ' ', at: i, from, to, kind: 'call', args }
}

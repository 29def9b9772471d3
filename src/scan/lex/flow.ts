import type { Version } from '../../model/version.ts'
import { type Code, elementStart, isCodeBlock, isJoint, pathContinues, pathOf, pathStart } from './code.ts'
import { calleeOf, nameBefore, type Slot, slotsOf } from './slots.ts'
import { type Usage, usageOf } from './usage.ts'

/** A literal or constant that stands for versions, where it stands. */
export interface Atom {
  /** Token positions, `last` included. */
  from: number
  last: number
  start: number
  end: number
  text: string
  versions: readonly Version[]
  usage: Usage
  /** The name through which it came here, with its place. */
  via?: { name: string; start: number; end: number }
}

/** Reads one literal or constant: its versions, an empty list for "no version here, but it counts as seen", undefined for anything else. */
export type Read = (atom: {
  kind: 'string' | 'number' | 'path'
  text: string
  at: number
}) => readonly Version[] | undefined

/** Slots of a text with their values by name, computed once. */
export interface Flow {
  code: Code
  slots: Slot[]
  bindings: Map<string, Slot[]>
}

/** Signs that give a name its value. */
const givesName = new Set(['=', ':=', ',=', '<-', ':', '+=', '|='])

export function flowOf(code: Code): Flow {
  const slots = slotsOf(code)
  const bindings = new Map<string, Slot[]>()
  for (const slot of slots) {
    if (slot.kind !== 'set' || !givesName.has(slot.op)) continue
    // `case X:` and `table[X] =` give nothing a name.
    if (code.tokens[slot.at - 1]?.text === ']') continue
    if (slot.op === ':' && /^(?:case|default|when)$/i.test(code.tokens[elementStart(code, slot.at)]!.text))
      continue
    const known = bindings.get(slot.name)
    if (known) known.push(slot)
    else bindings.set(slot.name, [slot])
  }
  return { code, slots, bindings }
}

/** Every version in the tokens `from`..`to`, names of the same file followed (three hops at most). */
export function atomsIn(
  flow: Flow,
  from: number,
  to: number,
  read: Read,
  hops = 3,
  seen: Set<number> = new Set(),
): Atom[] {
  const { code } = flow
  const { tokens } = code
  const atoms: Atom[] = []
  // `x.Protocol = x.Protocol Or Tls11` adds to what is there; what was given before is a setting of its own.
  const own = hops === 3 && from > 0 ? nameBefore(code, from - 1)?.name : undefined
  for (let i = from; i < to; i++) {
    const token = tokens[i]!
    if (token.kind === 'open' && token.text === '{' && holdsEntries(code, i)) {
      i = Math.max(i, code.mate[i]!)
      continue
    }
    // What a bound name was computed from by a call is not what the name holds.
    if (hops < 3 && token.text === '(' && token.kind === 'open' && code.mate[i]! > i) {
      const callee = calleeOf(code, i)
      if (callee && !transparent.test(callee.name)) {
        i = code.mate[i]!
        continue
      }
    }
    if (token.kind === 'string' || token.kind === 'number') {
      const versions = read({ kind: token.kind, text: token.text, at: i })
      if (versions) atoms.push(atomAt(code, i, i, versions))
      continue
    }
    if (token.kind !== 'word' || pathContinues(code, i)) continue
    const path = pathOf(code, i)
    const versions = read({ kind: 'path', text: path, at: i })
    if (versions) {
      atoms.push(atomAt(code, pathStart(code, i), i, versions))
      continue
    }
    if (
      hops === 0 ||
      token.text === own ||
      tokens[i + 1]?.text === '(' ||
      (isJoint(tokens[i - 1]) &&
        !/^(?:this|self|cls|super|me|\$this|Me)$/.test(path.split('.')[0]!) &&
        path.split('.').length > 2)
    )
      continue
    for (const binding of nearest(code, flow.bindings.get(token.text) ?? [], i)) {
      if (seen.has(binding.at) || (binding.from <= i && i < binding.to)) continue
      if (binding.op === ':' && !isNamedConstant(code, binding)) continue
      seen.add(binding.at)
      const via = { name: token.text, start: token.start, end: token.end }
      for (const atom of atomsIn(flow, binding.from, binding.to, read, hops - 1, seen))
        atoms.push({ ...atom, via: atom.via ?? via })
    }
  }
  return atoms
}

/** Where blocks of braces hold the same name several times: those that share the innermost block with its use. */
function nearest(code: Code, bindings: readonly Slot[], use: number): readonly Slot[] {
  if (bindings.length < 2) return bindings
  const depths = new Map<number, number>()
  let depth = 0
  for (let open = code.up[use]!; open >= 0; open = code.up[open]!) depths.set(open, depth++)
  const distance = (slot: Slot) => {
    let open = code.up[slot.at]!
    while (open >= 0 && !depths.has(open)) open = code.up[open]!
    return depths.get(open) ?? depth
  }
  const closest = Math.min(...bindings.map(distance))
  return bindings.filter(slot => distance(slot) === closest)
}

const transparent =
  /^(?:of|asList|List|Set|Seq|Array|Vector|arrayOf|listOf|setOf|mutableListOf|Some|singletonList|singleton|String|set|list|tuple|frozenset|int|long|CType|DirectCast|ToObject|new|freeze|join|split)$/

function isNamedConstant(code: Code, binding: Slot): boolean {
  return code.up[binding.at]! < 0 || isCodeBlock(code, code.up[binding.at]!)
}

function atomAt(code: Code, from: number, last: number, versions: readonly Version[]): Atom {
  const first = code.tokens[from]!
  const final = code.tokens[last]!
  return {
    from,
    last,
    start: first.start,
    end: final.end,
    text: code.text.slice(first.start, final.end),
    versions,
    usage: usageOf(code, from, last),
  }
}

/** A brace with `name: value` entries or statements inside: another slot's business. */
function holdsEntries(code: Code, open: number): boolean {
  const close = code.mate[open]!
  if (close < 0) return false
  const callee = calleeOf(code, open)
  if (callee && /^(?:String|string|object|var)$/.test(callee.name)) return false
  for (let at = open + 1; at < close; at++) {
    const token = code.tokens[at]!
    if (token.kind === 'open' && code.mate[at]! > at) at = code.mate[at]!
    else if (
      token.kind === 'op' &&
      (token.text === ':' || token.text === '=' || token.text === '=>' || token.text === ';')
    )
      return true
  }
  return false
}

export type { Slot }

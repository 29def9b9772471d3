import { type Code, elementEnd, elementStart } from '../lex/code.ts'
import { slotsOf } from '../lex/slots.ts'
import type { Setting } from './setting.ts'

/** Settings of JSON, HCL, TOML, Bicep, HOCON: every `name: value` or `name = value` of the token tree. */
export function treeSettings(code: Code): Setting[] {
  const nodes = new Map<number, Setting[]>()
  const parentsAt = new Map<number, string[]>()
  const sections = code.language === 'toml' ? tomlSections(code) : []
  const settings: Setting[] = []
  for (const slot of slotsOf(code)) {
    if (slot.kind !== 'set') continue
    const open = code.up[slot.at]!
    const section = sections.findLast(candidate => candidate.at < slot.at)
    const nodeKey = open >= 0 ? open : -1 - (section?.at ?? 0)
    const siblings = nodes.get(nodeKey) ?? []
    nodes.set(nodeKey, siblings)
    const outer =
      open >= 0 ? nodes.get(code.up[open]! >= 0 ? code.up[open]! : -1 - (section?.at ?? 0)) : undefined
    const first = code.tokens[slot.from]!
    const last = code.tokens[slot.to - 1]!
    const single = slot.to - slot.from === 1 && first.kind === 'string'
    const start = single ? first.inner : first.start
    const end = single ? first.inner + first.text.length : last.end
    const parents = parentsOf(code, open, parentsAt)
    const wholeFrom = code.tokens[elementStart(code, slot.at)]!.start
    const wholeTo = code.tokens[Math.max(slot.from, elementEnd(code, slot.from) - 1)]!.end
    const setting: Setting = {
      key: slot.path.includes('.') && code.tokens[slot.at - 1]!.kind === 'word' ? slot.path : slot.name,
      keyStart: code.tokens[slot.at - 1]!.start,
      parents: section ? [...section.names, ...parents] : parents,
      value: code.text.slice(start, end),
      start,
      end,
      form: 'scalar',
      siblings,
      ...(outer && { around: outer }),
      whole: { start: wholeFrom, end: wholeTo },
    }
    if (first.text === '[' && first.kind === 'open') {
      setting.form = 'list'
      setting.items = []
      for (let i = slot.from + 1; i < slot.to; i++) {
        const token = code.tokens[i]!
        if (token.kind === 'open' && code.mate[i]! > i) i = code.mate[i]!
        else if (token.kind === 'string' || token.kind === 'number')
          setting.items.push({ value: token.text, start: token.inner, end: token.inner + token.text.length })
      }
    }
    siblings.push(setting)
    settings.push(setting)
  }
  return settings
}

/** Names in front of the enclosing brackets: `resource`, `aws_lb_listener`, `d`; `properties`. */
function parentsOf(code: Code, open: number, known: Map<number, string[]>): string[] {
  if (open < 0) return []
  const before = known.get(open)
  if (before) return before
  const names: string[] = []
  for (let at = open - 1; at >= 0 && open - at <= 8; at--) {
    const token = code.tokens[at]!
    if (token.kind === 'word' || token.kind === 'string') names.unshift(token.text)
    else if (token.kind !== 'op' || (token.text !== ':' && token.text !== '=')) break
    if (token.kind === 'op') {
      const name = code.tokens[at - 1]
      if (name) names.unshift(name.text)
      if (code.language === 'bicep' && name?.kind === 'string') names.unshift(code.tokens[at - 2]?.text ?? '')
      break
    }
  }
  const path = [...parentsOf(code, code.up[open]!, known), ...names]
  known.set(open, path)
  return path
}

function tomlSections(code: Code): { at: number; names: string[] }[] {
  const found: { at: number; names: string[] }[] = []
  code.tokens.forEach((token, i) => {
    if (token.text !== '[' || token.kind !== 'open' || code.up[i]! >= 0) return
    const before = code.tokens[i - 1]
    if (before && before.kind !== 'end' && before.text !== '[') return
    const names: string[] = []
    for (let at = i + 1; at < code.tokens.length && code.tokens[at]!.text !== ']'; at++)
      if (code.tokens[at]!.kind !== 'op' && code.tokens[at]!.kind !== 'open')
        names.push(code.tokens[at]!.text)
    found.push({ at: i, names })
  })
  return found
}

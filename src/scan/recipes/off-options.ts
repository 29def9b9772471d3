import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import { guessSide, sideOf } from '../find-code.ts'
import { type Code, isJoint, pathContinues, pathStart, statementStart } from '../lex/code.ts'
import type { Flow, Slot } from '../lex/flow.ts'
import { usageOf } from '../lex/usage.ts'
import { removeMembers } from '../mend.ts'
import type { Hit, Recipe } from '../recipe.ts'

const named =
  /^(?:SSL_)?(?:OP_|SSL_OP_|WOLFSSL_OP_)?(?:NO|no|No)_?(SSLv2|SSLv3|SSLV2|SSLV3|TLSv1|TLSv1_0|TLSv1_1|TLSv1_2|TLSv1_3|sslv2|sslv3|tlsv1|tlsv1_0|tlsv1_1|tlsv1_2|tlsv1_3|TLSV1|TLSV1_1|TLSV1_2|TLSV1_3)$/
const versions: Record<string, Version> = {
  sslv2: SSL_2_0,
  sslv3: SSL_3_0,
  tlsv1: TLS_1_0,
  tlsv1_0: TLS_1_0,
  tlsv1_1: TLS_1_1,
  tlsv1_2: TLS_1_2,
  tlsv1_3: TLS_1_3,
}

export const offOptions: Recipe = {
  id: 'openssl-off-options',
  title: 'OpenSSL options: a modern version turned off, or a legacy one turned back on',
  formats: [
    'c',
    'cpp',
    'objc',
    'python',
    'ruby',
    'javascript',
    'php',
    'perl',
    'rust',
    'lua',
    'swift',
    'go',
    'erlang',
    'elixir',
    'csharp',
  ],
  literals: ['no_tlsv1', 'no_sslv3', 'no_sslv2', 'notlsv1', 'nosslv'],
  stack: 'OpenSSL',
  why: 'OP_NO_TLSv1_2 takes away the version that a modern peer needs; clearing OP_NO_TLSv1 brings the old one back.',
  fix: 'Leave TLS 1.2 and 1.3 on and the older versions off; better, set a minimum version of TLS 1.2.',
  sources: ['https://docs.openssl.org/3.0/man3/SSL_CTX_set_options/ (2025-10)'],
  *find(source, floor) {
    const flow = source.flow()
    if (!flow) return
    const { code } = flow
    const groups = new Map<
      number,
      {
        from: number
        last: number
        start: number
        end: number
        version: Version
        on: boolean
        line: number
        depth: number
      }[]
    >()
    const chosen: { version: Version; line: number; depth: number }[] = []
    const offs: { version: Version; line: number; statement: number; depth: number }[] = []
    for (let i = 0; i < code.tokens.length; i++) {
      const token = code.tokens[i]!
      const isText = token.kind === 'string'
      if ((token.kind !== 'word' && !isText) || pathContinues(code, i)) continue
      const match = named.exec(token.text)
      if (!match) continue
      if (
        !isText &&
        !/^(?:SSL_)?OP_|^SSL_OP|^WOLFSSL/.test(token.text) &&
        !/no_/.test(token.text) &&
        !/Opt(?:ion)?s?$/.test(code.tokens[i - 2]?.text ?? '')
      )
        continue
      if (
        isText &&
        !/(?:options|lua|Lua|verify|protocol)/.test(
          code.text.slice(Math.max(0, token.start - 200), token.start),
        )
      )
        continue
      const version = versions[match[1]!.toLowerCase()]!
      const from = isText ? i : pathStart(code, i)
      const usage = usageOf(code, from, i)
      const line = code.text.slice(0, token.start).split('\n').length
      const depth = depthOf(code, from)
      if (usage === 'mapped') chosen.push({ version, line, depth })
      if (usage !== 'plain' && usage !== 'removed') continue
      const statement = statementStart(code, from)
      const head = code.text.slice(code.tokens[statement]!.start, code.tokens[from]!.start)
      if (
        /\bconst\b.*=|#\s*define|^\s*(?:static\s+)?(?:int|long|var|let|val)\b/.test(head) &&
        /^\W*$/.test(head.slice(head.lastIndexOf('=') + 1)) &&
        /^\s*[A-Z_]+\s*$/.test(head.slice(0, head.lastIndexOf('=')).split(/\s+/).at(-1) ?? '')
      )
        continue
      const on = usage === 'removed' || /clear_options|clearOptions|\bunset|remove/i.test(head)
      if (!on) offs.push({ version, line, statement, depth })
      const group = groups.get(statement) ?? []
      group.push({ from, last: i, start: code.tokens[from]!.start, end: token.end, version, on, line, depth })
      groups.set(statement, group)
    }
    yield* incompleteSecureOptions(flow)
    for (const group of groups.values()) {
      const asAtoms = (members: typeof group) =>
        members.map(member => ({ ...member, text: '', versions: [member.version], usage: 'plain' as const }))
      const side = guessSide(code, { atoms: asAtoms(group) })
      // What is cleared and then set again under a condition is up to a setting.
      const isSetAgain = (member: (typeof group)[number]) =>
        [...offs, ...chosen].some(
          off =>
            off.version === member.version &&
            off.line > member.line &&
            off.line <= member.line + 25 &&
            off.depth > member.depth,
        )
      const on = group.filter(member => member.on && member.version < floor && !isSetAgain(member))
      if (on.length > 0) {
        const hit: Hit = {
          start: on[0]!.start,
          end: on[0]!.end,
          shape: { kind: 'adds', versions: on.map(member => member.version) },
          side,
        }
        yield hit
      }
      const bad = group.filter(member => !member.on && member.version >= floor)
      if (bad.length === 0) continue
      const off = new Set([...group.filter(member => !member.on).map(member => member.version)])
      const line = code.text.slice(0, bad[0]!.start).split('\n').length
      // One removal a line: the neighbours belong to the same list.
      for (const other of offs)
        if (Math.abs(other.line - line) <= 3 && groups.get(other.statement)?.length === 1)
          off.add(other.version)
      const edits = bad.length < group.length ? removeMembers(code, asAtoms(bad)) : undefined
      yield {
        start: bad[0]!.start,
        end: bad[0]!.end,
        shape: { kind: 'off', versions: [...off] },
        side,
        edits,
      }
    }
  },
}

/** In how many blocks a token stands. */
function depthOf(code: Code, i: number): number {
  let depth = 0
  for (let open = code.up[i]!; open >= 0; open = code.up[open]!) if (code.tokens[open]!.text === '{') depth++
  return depth
}

/**
 * `secureOptions` of Node.js is the whole list of what is off; before version 12 what it does not name stays on. A list that a call or another name
 * takes part in, or that stands beside a minimum, is left alone.
 */
function* incompleteSecureOptions(flow: Flow): Iterable<Hit> {
  const { code } = flow
  if (code.language !== 'javascript') return
  for (const slot of flow.slots) {
    if (slot.kind !== 'set' || slot.name !== 'secureOptions' || slot.op === '|=') continue
    const off = new Set<Version>()
    let first: number | undefined
    let isClosed = true
    for (let at = slot.from; at < slot.to; at++) {
      const token = code.tokens[at]!
      if (isJoint(token) || token.text === '|' || pathContinues(code, at)) continue
      const match = token.kind === 'word' ? named.exec(token.text) : null
      if (match) {
        off.add(versions[match[1]!.toLowerCase()]!)
        first ??= pathStart(code, at)
      } else if (!/^SSL_OP_/.test(token.text)) isClosed = false
    }
    if (first === undefined || !isClosed || off.has(TLS_1_2)) continue
    const left = [TLS_1_0, TLS_1_1].filter(version => !off.has(version))
    if (left.length === 0 || flow.slots.some(other => isMinimumBeside(code, other, slot))) continue
    yield {
      start: code.tokens[first]!.start,
      end: code.tokens[slot.to - 1]!.end,
      shape: { kind: 'only', versions: [...left, TLS_1_2, TLS_1_3] },
      side: sideOf(
        code.text.slice(code.tokens[statementStart(code, slot.at)]!.start, code.tokens[first]!.end),
      ),
      certainty: 'likely',
      message: 'Node.js before 12: secureOptions leaves TLS 1.0 or 1.1 on',
      fix: "Use minVersion: 'TLSv1.2' in place of the list.",
    }
  }
}

function isMinimumBeside(code: Code, other: Slot, slot: Slot): boolean {
  return other.name === 'minVersion' && code.up[other.at] === code.up[slot.at]
}

import { atomsIn } from '../lex/flow.ts'
import { argumentsOf } from '../lex/slots.ts'
import { liveMatches } from '../live.ts'
import { wholeLines } from '../mend.ts'
import type { Hit, Recipe } from '../recipe.ts'
import type { Source } from '../source.ts'

const name =
  /(?:DontEnableSchUseStrongCrypto|DontEnableSystemDefaultTlsVersions|DisableUsingServicePointManagerSecurityProtocols)/i

export const dotnetSwitches: Recipe = {
  id: 'dotnet-switches',
  title: '.NET: AppContext switch that keeps old TLS defaults',
  formats: ['csharp', 'vb', 'fsharp', 'powershell', 'xml', 'json'],
  literals: ['dontenablesch', 'dontenablesystemdefaulttls', 'disableusingservicepointmanager'],
  stack: '.NET Framework',
  why: 'The switch brings back the defaults of .NET 4.5: TLS 1.0 first, instead of what the system offers.',
  fix: 'Remove the switch.',
  sources: ['https://learn.microsoft.com/dotnet/framework/network-programming/tls (2025-10)'],
  *find(source) {
    if (source.format === 'xml') yield* inMarkup(source)
    else if (source.format === 'json') yield* inJson(source)
    else yield* inCode(source)
  },
}

function* inMarkup(source: Source): Iterable<Hit> {
  for (const match of liveMatches(
    source,
    new RegExp(`;?\\s*(?:Switch\\.System\\.[\\w.]*?)${name.source}\\s*=\\s*true`, 'gi'),
  )) {
    const at = match.index + match[0].search(/Switch/i)
    const leads = match[0].startsWith(';')
    const end = match.index + match[0].length
    const trailing = !leads && source.text[end] === ';' ? 1 : 0
    yield {
      start: at,
      end,
      shape: { kind: 'weakens' },
      side: 'client',
      edits: [{ start: leads ? match.index : at, end: end + trailing, text: '' }],
    }
  }
  for (const setting of source.settings()) {
    if (!name.test(setting.key) || !/^\s*true\s*$/i.test(setting.value)) continue
    const line = source.text.lastIndexOf('<', setting.start)
    const close = source.text.indexOf('>', setting.end) + 1
    yield {
      start: setting.keyStart,
      end: setting.end,
      shape: { kind: 'weakens' },
      side: 'client',
      edits: [wholeLines(source.text, line, close)],
    }
  }
}

function* inJson(source: Source): Iterable<Hit> {
  for (const setting of source.settings())
    if (name.test(setting.key) && /^\s*true\s*$/i.test(setting.value))
      yield {
        start: setting.start,
        end: setting.end,
        shape: { kind: 'weakens' },
        side: 'client',
        edits: [
          { start: setting.start, end: setting.end, text: setting.value.startsWith('t') ? 'false' : 'False' },
        ],
      }
}

function* inCode(source: Source): Iterable<Hit> {
  const flow = source.flow()
  if (!flow) return
  for (const slot of flow.slots) {
    if (
      slot.kind !== 'call' ||
      !/^(?:SetSwitch|SetData)$/i.test(slot.name) ||
      !slot.args ||
      slot.args.length < 2
    )
      continue
    const [key, value] = argumentsOf(flow.code, slot.at) as [
      { from: number; to: number },
      { from: number; to: number },
    ]
    const named = atomsIn(flow, key.from, key.to, atom =>
      atom.kind === 'string' && name.test(atom.text) ? [] : undefined,
    )
    const on = atomsIn(flow, value.from, value.to, atom => (/^true$/i.test(atom.text) ? [] : undefined))
    if (named.length === 0 || on.length === 0) continue
    const start = flow.code.tokens[key.from]!.start
    yield {
      start,
      end: flow.code.tokens[value.to - 1]!.end,
      shape: { kind: 'weakens' },
      side: 'client',
      edits: undefined,
    }
  }
}

import { SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import { sideOf } from '../find-code.ts'
import { tokenIndexAt } from '../lex/code.ts'
import { usageOf } from '../lex/usage.ts'
import { isLive } from '../live.ts'
import type { Format, Recipe } from '../recipe.ts'
import type { Source } from '../source.ts'

const names: Record<string, Version> = {
  'SSL3.0': SSL_3_0,
  'TLS1.0': TLS_1_0,
  'TLS1.1': TLS_1_1,
  'TLS1.2': TLS_1_2,
  'TLS1.3': TLS_1_3,
}
const formats: Format[] = [
  'c',
  'cpp',
  'objc',
  'python',
  'perl',
  'ruby',
  'php',
  'rust',
  'go',
  'javascript',
  'lua',
  'csharp',
  'java',
  'ini',
  'directives',
  'yaml',
  'json',
  'shell',
  'dockerfile',
  'toml',
  'xml',
]

/** What a priority string turns on and off by name, from left to right. */
function readPriority(text: string): { named: Version[]; on: Set<Version>; onlyNamed: boolean } {
  const onlyNamed = /(?:^|[:\s"'=])NONE\b|-VERS-(?:TLS-)?ALL/.test(text)
  const on = new Set<Version>(onlyNamed ? [] : [TLS_1_2, TLS_1_3])
  const named: Version[] = []
  for (const match of text.matchAll(/([+!-])VERS-(?:(TLS|SSL)-?ALL|((?:TLS|SSL)\d\.\d))/g)) {
    const version = match[3] ? names[match[3]] : undefined
    if (version === undefined) {
      if (match[1] === '+') for (const each of [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3]) on.add(each)
      else on.clear()
    } else if (match[1] === '+') {
      on.add(version)
      named.push(version)
    } else on.delete(version)
  }
  return { named, on, onlyNamed }
}

export const gnutlsPriority: Recipe = {
  id: 'gnutls-priority',
  title: 'GnuTLS priority string with legacy versions',
  formats,
  literals: ['vers-'],
  stack: 'GnuTLS',
  why: 'The priority string adds a version below TLS 1.2 or takes the modern ones away.',
  fix: 'Use NORMAL:-VERS-TLS1.0:-VERS-TLS1.1, or leave the string to the system (@SYSTEM).',
  sources: ['https://www.gnutls.org/manual/html_node/Priority-Strings.html (2025-10)'],
  *find(source) {
    for (const match of source.text.matchAll(
      /[@A-Z0-9%][\w@%.:+!-]*:?[+!-]VERS-[\w@%.:+!-]+|[+!-]VERS-[\w@%.:+!-]+/g,
    )) {
      if (!isLive(source, match.index) || !isSet(source, match.index)) continue
      const { on } = readPriority(match[0])
      const versions = [...on].sort((a, b) => a - b)
      if (versions.length === 0) continue
      const parts = match[0].split(':')
      const kept = parts.filter(part => !/^\+VERS-(?:SSL3\.0|TLS1\.[01])$/.test(part)).join(':')
      yield {
        start: match.index,
        end: match.index + match[0].length,
        shape: { kind: 'only', versions },
        side: sideOf(source.text.slice(Math.max(0, match.index - 200), match.index + 200)),
        edits:
          on.has(TLS_1_2) && kept !== match[0]
            ? [{ start: match.index, end: match.index + match[0].length, text: kept }]
            : undefined,
      }
    }
  },
}

/** `"tls1") PRIO="+VERS-TLS1.0" ;;`: what a script was asked for. */
const caseOfVersion = /^\s*\(?["']?(?:tls|ssl)[\w.]*["']?\)/i

/** In a program the string must set something: not be compared, logged or chosen by a version that was asked for. */
function isSet(source: Source, at: number): boolean {
  if (source.format === 'shell')
    return !caseOfVersion.test(source.text.slice(source.text.lastIndexOf('\n', at) + 1, at))
  const code = source.code()
  if (!code || source.format === 'json' || source.format === 'toml') return true
  const token = tokenIndexAt(code, at)
  return token < 0 || usageOf(code, token, token) === 'plain'
}

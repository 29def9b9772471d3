import { SSL_3_0, TLS_1_0, TLS_1_3, type Version } from '../../model/version.ts'
import { type CodeSearch, codeRecipe } from '../find-code.ts'
import { keyLiterals } from '../literals.ts'
import { wholeLines } from '../mend.ts'
import type { Recipe } from '../recipe.ts'

const search: CodeSearch = {
  constant: {
    quick: /^Version(?:SSL30|TLS1[0-3])$/,
    means(path, flow) {
      const match = /(?:^|\.)Version(?:(SSL30)|TLS1([0-3]))$/.exec(path)
      if (!match || (!path.includes('.') && !/^\s*(?:import\s+)?\.\s+"[\w./]*tls"/m.test(flow.code.text)))
        return undefined
      const version: Version = match[1] ? SSL_3_0 : TLS_1_0 + Number(match[2])
      return { versions: [version] }
    },
  },
  slot: slot => {
    if (/^(?:MinVersion|MinimumTLSVersion|TLSMinVersion|MinTLSVersion)$/i.test(slot.name))
      return { role: 'min' }
    if (/^(?:MaxVersion|TLSMaxVersion|MaxTLSVersion)$/i.test(slot.name)) return { role: 'max' }
    return undefined
  },
  read: (text, kind) => {
    const value = Number(text)
    return kind === 'number' && value >= SSL_3_0 && value <= TLS_1_3 ? [value] : undefined
  },
  side: 'guess',
  raise: text => (/^\d/.test(text) ? '0x0303' : text.replace(/Version(?:SSL30|TLS1[01])$/, 'VersionTLS12')),
}

export const goTls = codeRecipe(
  {
    id: 'go-tls-version',
    title: 'Go: tls.Config with a minimum or maximum below TLS 1.2',
    formats: ['go'],
    literals: ['versiontls1', 'versionssl30', 'minversion', 'maxversion', ...keyLiterals],
    evidence: /0x030|\b7(?:68|69|70|71)\b/,
    stack: 'Go crypto/tls',
    why: 'MinVersion lets that version in again; MaxVersion leaves nothing newer.',
    fix: 'Set MinVersion to tls.VersionTLS12 (clients: leave it out, the default is 1.2 since Go 1.18); delete MaxVersion.',
    sources: ['https://pkg.go.dev/crypto/tls#Config (2025-10)'],
  },
  search,
)
export const goDebug: Recipe = {
  id: 'go-debug-tls10',
  title: 'Go: GODEBUG setting that brings TLS 1.0 back',
  formats: ['go', 'shell', 'dockerfile', 'yaml', 'ini', 'json', 'directives', 'hcl', 'toml'],
  literals: ['tls10server'],
  stack: 'Go crypto/tls',
  why: 'tls10server=1 gives servers without MinVersion the old default of TLS 1.0.',
  fix: 'Remove the setting.',
  sources: ['https://go.dev/doc/godebug (2025-10)'],
  *find(source) {
    for (const match of source.text.matchAll(
      /(?:^[ \t]*(?:\/\/go:debug|godebug)[ \t]+|^[ \t]+|GODEBUG[^\n]*?\b)?tls10server\s*[=:]\s*1\b/gm,
    )) {
      const lineStart = source.text.lastIndexOf('\n', match.index) + 1
      const line = source.text.slice(
        lineStart,
        source.text.indexOf('\n', match.index) + 1 || source.text.length,
      )
      if (/^\s*(?:#|\/\/(?!go:debug))/.test(line)) continue
      const whole = /^\s*(?:\/\/go:debug|godebug)?\s*tls10server\s*=\s*1\s*$/.test(line)
      const at = match.index + match[0].search(/tls10server/)
      const end = match.index + match[0].length
      yield {
        start: at,
        end,
        shape: { kind: 'adds', versions: [TLS_1_0] },
        side: 'server',
        edits: whole ? [wholeLines(source.text, lineStart, end)] : undefined,
      }
    }
  },
}

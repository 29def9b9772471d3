import { sideOf } from '../find-code.ts'
import { tokenIndexAt } from '../lex/code.ts'
import { usageOf } from '../lex/usage.ts'
import { liveMatches } from '../live.ts'
import type { Format, Recipe } from '../recipe.ts'
import type { Source } from '../source.ts'

const formats: Format[] = [
  'c',
  'cpp',
  'objc',
  'csharp',
  'python',
  'javascript',
  'ruby',
  'php',
  'perl',
  'rust',
  'go',
  'java',
  'kotlin',
  'scala',
  'groovy',
  'lua',
  'swift',
  'elixir',
  'erlang',
  'dart',
  'yaml',
  'ini',
  'directives',
  'json',
  'hcl',
  'toml',
  'hocon',
  'shell',
  'dockerfile',
  'powershell',
  'xml',
]

export const securityLevel: Recipe = {
  id: 'openssl-security-level',
  title: 'OpenSSL security level 0',
  formats,
  literals: ['seclevel', 'security_level'],
  stack: 'OpenSSL',
  why: 'At security level 0 OpenSSL 3 speaks TLS 1.0 and 1.1 again (above it their signatures are refused), and weak keys with them.',
  fix: 'Remove @SECLEVEL=0 (or set level 2). Usually one peer needed it: fix that peer.',
  sources: ['https://docs.openssl.org/3.0/man3/SSL_CTX_set_security_level/ (2025-10)'],
  *find(source) {
    const pattern =
      /SECLEVEL\s*[=:]\s*[01]\b(?!\s*[/,|#]\s*[A-Za-z@]*SECLEVEL\s*=\s*[1-5])|(?:SSL_)?(?:CTX_)?set_security_level\s*\(\s*(?:\w[\w.>()-]*\s*,\s*)?0\s*\)|\.?security_level\s*[=:]\s*0\b/g
    for (const match of liveMatches(source, pattern)) {
      if (isOnlyMentioned(source, match.index)) continue
      const level = /[01](?=\s*\)?$)/.exec(match[0])?.[0]
      const writesHost = /sed|echo|printf|tee|>>/.test(
        source.text.slice(source.text.lastIndexOf('\n', match.index) + 1, match.index),
      )
      // Level 1 lets TLS 1.0 in on OpenSSL 1.1.1 only; in an image or a configuration file that is what it is for.
      if (level === '1' && !(writesHost || source.format === 'ini')) {
        yield {
          start: match.index,
          end: match.index + match[0].length,
          shape: { kind: 'note' },
          side: 'either',
          message: 'level 1 lets TLS 1.0 in on OpenSSL 1.1.1',
        }
        continue
      }
      yield {
        start: match.index,
        end: match.index + match[0].length,
        shape: { kind: 'weakens' },
        side: sideOf(source.text.slice(Math.max(0, match.index - 300), match.index + 100)),
      }
    }
  },
}

/** In a program: compared, printed or thrown rather than handed to OpenSSL. */
function isOnlyMentioned(source: Source, at: number): boolean {
  const code = source.code()
  const i = code ? tokenIndexAt(code, at) : -1
  return i >= 0 && code!.tokens[i]!.kind === 'string' && usageOf(code!, i, i) !== 'plain'
}

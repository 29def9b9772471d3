import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import { type CodeSearch, findInCode, type Meaning } from '../find-code.ts'
import { versionLiterals } from '../literals.ts'
import type { Recipe } from '../recipe.ts'

/** `SSLv3`, `TLSv1`, `TLSv1_1` … as OpenSSL spells them in names. */
const opensslNames: Record<string, Version> = {
  SSLv2: SSL_2_0,
  SSLv3: SSL_3_0,
  TLSv1: TLS_1_0,
  TLSv1_0: TLS_1_0,
  TLSv1_1: TLS_1_1,
  TLSv1_2: TLS_1_2,
  TLSv1_3: TLS_1_3,
  DTLSv1: TLS_1_1, // made from TLS 1.1
  DTLSv1_2: TLS_1_2,
}

const versionMacros: Record<string, Version> = {
  SSL2_VERSION: SSL_2_0,
  SSL3_VERSION: SSL_3_0,
  TLS1_VERSION: TLS_1_0,
  TLS1_1_VERSION: TLS_1_1,
  TLS1_2_VERSION: TLS_1_2,
  TLS1_3_VERSION: TLS_1_3,
  DTLS1_VERSION: TLS_1_1,
  DTLS1_2_VERSION: TLS_1_2,
}

function meaning(path: string): Meaning | undefined {
  const name = path.slice(path.lastIndexOf('.') + 1)
  const method =
    /^(?:wolf|Cy|CyaSSL_?)?(SSLv[23]|TLSv1(?:_[0-3])?|DTLSv1(?:_2)?)_(?:(client|server)_)?method(?:_ex)?$/.exec(
      name,
    )
  if (method)
    return {
      versions: [opensslNames[method[1]!]!],
      ...(method[2] && { side: method[2] as 'client' | 'server' }),
    }
  if (name in versionMacros) return { versions: [versionMacros[name]!] }
  return undefined
}

const opensslSearch: CodeSearch = {
  constant: { quick: /_method(?:_ex)?$|^(?:SSL[23]|D?TLS1(?:_[123])?)_VERSION$/, means: meaning },
  slot: slot => {
    if (slot.kind === 'call' && /set_?max_?proto/i.test(slot.name)) return { role: 'max' }
    if (slot.kind === 'call' && /set_?min_?proto/i.test(slot.name)) return { role: 'min' }
    return undefined
  },
  read: (text, kind, { name }, isDirect) => {
    if (kind !== 'number') return undefined
    const value = Number(text)
    if (value === 0 && isDirect && /min/i.test(name)) return [SSL_3_0] // the oldest that the build has
    return value >= 0x0300 && value <= 0x0304 ? [value] : undefined
  },
  side: 'guess',
  raise: (text, { role }) => {
    if (role === 'max') return '0'
    if (/_VERSION$/.test(text))
      return text.replace(/(D?)(?:SSL[23]|TLS1(?:_1)?)_VERSION$/, '$1TLS1_2_VERSION')
    if (/^0x030[0-2]$/i.test(text)) return '0x0303'
    if (text === '0') return 'TLS1_2_VERSION'
    return undefined
  },
}

export const opensslC: Recipe = {
  id: 'openssl-c',
  title: 'OpenSSL: method or protocol bound of one legacy version',
  formats: ['c', 'cpp', 'objc', 'rust', 'php', 'perl', 'csharp', 'swift'],
  literals: [...versionLiterals, 'proto_version'],
  evidence: /0x030[0-3]|min_?proto_?version\W[^)\n]{0,300},\s*0\s*\)/,
  needs:
    /(?:sslv[23]|tlsv1(?:_[0-3])?)_(?:client_|server_)?method|(?:ssl[23]|tls1(?:_[12])?)_version|^(?=[\s\S]*set_?(?:max|min)_?proto)[\s\S]*(?:0x0?30[0-4]|(?<!\d)7(?:68|69|7[0-2])(?!\d)|set_?min_?proto[^;]{0,300},\s*0\s*\))/,
  stack: 'OpenSSL',
  why: 'A version-specific method speaks that version and no other; a bound below TLS 1.2 lets older ones in (minimum) or nothing newer (maximum).',
  fix: 'Use TLS_method(), TLS_client_method() or TLS_server_method() (OpenSSL 1.1.0; SSLv23_method before) and SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION); drop the maximum.',
  sources: [
    'https://docs.openssl.org/3.0/man3/SSL_CTX_new/ (2025-10)',
    'https://docs.openssl.org/3.0/man3/SSL_CTX_set_min_proto_version/ (2025-10)',
  ],
  *find(source, floor) {
    for (const hit of findInCode(source, floor, opensslSearch)) {
      const text = source.text.slice(hit.start, hit.end)
      if (!/method(?:_ex)?$/.test(text)) {
        yield hit
        continue
      }
      if (definesMethod(source.text, hit.start)) continue
      // The flexible method alone is no floor, but it is what the peer needs: 1.2 is offered from then on.
      yield { ...hit, edits: [{ start: hit.start, end: hit.end, text: flexible(text) }] }
    }
  },
}

/** `const SSL_METHOD *TLSv1_client_method(void) { return TLSv1_method(); }` of the library itself. */
function definesMethod(text: string, at: number): boolean {
  return /_method\s*\(\s*void\s*\)\s*\{\s*return\s+$/.test(text.slice(Math.max(0, at - 120), at))
}

function flexible(name: string): string {
  return name.replace(/(?:SSLv[23]|TLSv1(?:_[0-3])?)_/, /^(?:wolf|Cy)/.test(name) ? 'TLSv1_2_' : 'TLS_')
}

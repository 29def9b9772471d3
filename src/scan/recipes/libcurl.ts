import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import { type CodeSearch, findInCode, type Meaning } from '../find-code.ts'
import type { Recipe } from '../recipe.ts'

/** Values of CURLOPT_SSLVERSION; 1, 4, 5 … mean that version or later since libcurl 7.54, 2 and 3 exactly that one. */
const byNumber: readonly (Version | undefined)[] = [
  undefined,
  TLS_1_0,
  SSL_2_0,
  SSL_3_0,
  TLS_1_0,
  TLS_1_1,
  TLS_1_2,
  TLS_1_3,
]

function meaning(path: string): Meaning | undefined {
  const match =
    /(?:CURL_|\.)SSLVERSION_(MAX_)?(SSLv2|SSLv3|TLSv1(?:_[0-3])?)$/i.exec(path) ??
    /(?:SslVersion|SSLVERSION|Curl)\.(MAX_)?(SSLv2|SSLv3|TLSv1(?:_[0-3])?)$/i.exec(path)
  if (!match) return undefined
  const version = versionOf(match[2]!)
  if (match[1]) return { versions: [version], role: 'max', side: 'client' }
  return { versions: [version], role: version < TLS_1_0 ? 'only' : 'min', side: 'client' }
}

function versionOf(name: string): Version {
  if (/2$/.test(name) && /ssl/i.test(name)) return SSL_2_0
  if (/sslv3/i.test(name)) return SSL_3_0
  return TLS_1_0 + Number(/_([0-3])$/.exec(name)?.[1] ?? 0)
}

const search: CodeSearch = {
  constant: {
    quick: /^(?:CURL_)?SSLVERSION_|^(?:MAX_)?(?:SSLv2|SSLv3|TLSv1(?:_[0-3])?)$/i,
    means: meaning,
  },
  slot: slot =>
    /^(?:self\.)?(?:CURLOPT_(?:PROXY_)?SSLVERSION|SSLVERSION)$/i.test(slot.name)
      ? { role: 'min', side: 'client' }
      : undefined,
  read: (text, kind) => {
    if (kind !== 'number') return undefined
    const value = byNumber[Number(text)]
    return value === undefined ? undefined : [value]
  },
  side: 'client',
  raise: text => {
    if (/^\d+L?$/.test(text)) return text.replace(/^\d+/, '6')
    if (/(?:Sslv[23]|Tlsv1[01]?)$/.test(text)) return text.replace(/\w+$/, 'Tlsv12') // the crate's own case
    return text.replace(/(MAX_)?(?:SSLv2|SSLv3|TLSv1(?:_[01])?)$/i, '$1TLSv1_2')
  },
}

/** A value, but for newer ones, that is not what something is held against, or the option before a value; not `OpenSslVersion`. */
function writtenBut(newer: string): RegExp {
  const value = `(?:max_)?(?:ssl|tls)v${newer}`
  const compared = /(?:case\s+|(?:[=!<>]=|<|[^=-]>)\s*)(?:curl_)?sslversion_\w*/.source
  const option =
    /(?<![a-z])sslversion(?:\(\s*\))?["'`\])}]*\s*(?:[,:]|=(?!=))(?<!case\s+\w*:)(?!\s*curl(?:_sslversion|ot_|opttype))/
      .source
  return new RegExp(`sslversion(?:_|\\W{1,3})${value}(?<!${compared})|curl\\W{1,3}${value}|${option}`)
}

const writtenBelow = { tls12: writtenBut('(?!1_[23])'), tls13: writtenBut('(?!1_3)') }

export const libcurl: Recipe = {
  id: 'libcurl-sslversion',
  title: 'libcurl: CURLOPT_SSLVERSION below TLS 1.2',
  formats: [
    'c',
    'cpp',
    'objc',
    'php',
    'perl',
    'ruby',
    'python',
    'rust',
    'csharp',
    'vb',
    'lua',
    'swift',
    'javascript',
    'go',
  ],
  literals: ['sslversion'],
  needs: (_format, floor) => (floor > TLS_1_2 ? writtenBelow.tls13 : writtenBelow.tls12),
  stack: 'libcurl',
  why: 'The option is the lowest version that the transfer accepts (the only one for SSLv2 and SSLv3, and for TLS with some backends before 7.54); a MAX value is the highest.',
  fix: 'Delete the option (libcurl picks TLS 1.2 or later since 8.16) or set CURL_SSLVERSION_TLSv1_2; drop the MAX part.',
  sources: ['https://curl.se/libcurl/c/CURLOPT_SSLVERSION.html (2025-10)'],
  *find(source, floor) {
    for (const hit of findInCode(source, floor, search)) {
      if (setsAnotherOption(source.text, hit.start)) continue
      const versions = 'versions' in hit.shape ? hit.shape.versions : []
      const highest = /MAX_(TLSv1(?:_[01])?)(?!_?\d)/.exec(
        source.text.slice(hit.start, hit.start + 120).split(/[;\n]/)[0]!,
      )
      // SSLv2 and SSLv3 are that version and no other; a maximum leaves nothing newer.
      if (hit.shape.kind === 'note') yield hit
      else if (highest) yield { ...hit, shape: { kind: 'max', versions: [versionOf(highest[1]!)] } }
      else if (versions.length > 0 && versions.every(version => version < TLS_1_0))
        yield { ...hit, shape: { kind: 'only', versions } }
      else yield hit
    }
  },
}

/** `curl_setopt($ch, CURLOPT_OTHER, CURL_SSLVERSION_SSLv3)`: the constant goes where nobody reads it as a version. */
function setsAnotherOption(text: string, at: number): boolean {
  const call = /setopt\s*\(((?:[^;{}()]|\(\))*)$/i.exec(text.slice(Math.max(0, at - 200), at))
  if (!call) return false
  const after = text.slice(at, at + 200).split(/[;)]/)[0]!
  if (/SSLVERSION\b(?!_)/i.test(call[1]! + after)) return false
  // Another option, a call whose answer nobody knows, or none at all; a variable may hold the right one.
  return /CURLOPT_|\(\)/i.test(call[1]!) || !/,[^,]*,/.test(call[1]! + after)
}

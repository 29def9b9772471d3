import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_2, type Version } from '../model/version.ts'

/** A version as it is spelled in a text, with its place in that text. */
export interface Word {
  version: Version
  start: number
  end: number
  text: string
}

/**
 * Named versions in any of the usual spellings: TLSv1, TLSv1.0, TLSv1_1, TLS1_0, TLS_1_0, TLS10, tls1.0, TLS 1.0, VersionTLS10, TLS_V1_2016,
 * TLSv1.1_2016, SSLv3, SSL30, TLSv1_client_method. DTLS 1.0 counts as TLS 1.1, from which it was made (RFC 4347). IANA names of suites and longer identifiers are not taken for versions.
 */
const named =
  /(?<![A-Za-z0-9_])(?:version|PROTOCOL_)?(ssl|d?tls)(?:protocol)?[ _-]?v?[ _-]?([123])(?:[._-]?([0-3]))?(?![0-9])(?:_20\d\d)?(?:_(?:client|server))?(?:_method)?(?![A-Za-z0-9]|[._-][A-Za-z0-9])/gi
const bare = /(?<![\w.+-])v?1[._]([0-3])(?![\w.])/gi
const hex = /(?<![\w])0x0?30([0-4])(?!\w)/gi

/**
 * Version words of a text, in order. `bare` takes `1.0` and `0x0301` too: only for settings whose name already says that they hold a TLS
 * version.
 */
export function versionWords(text: string, options: { bare?: boolean } = {}): Word[] {
  const words: Word[] = []
  for (const match of text.matchAll(named)) {
    const version = versionOf(match[1]!, match[2]!, match[3])
    if (version !== undefined) words.push(wordAt(match, version))
  }
  if (options.bare) {
    for (const match of text.matchAll(bare))
      if (!words.some(word => word.start <= match.index && match.index < word.end))
        words.push(wordAt(match, TLS_1_0 + Number(match[1])))
    for (const match of text.matchAll(hex)) words.push(wordAt(match, SSL_3_0 + Number(match[1])))
    words.sort((a, b) => a.start - b.start)
  }
  return words
}

/** The version of one whole word, or undefined when the word is anything else. */
export function wordVersion(text: string, options: { bare?: boolean } = {}): Version | undefined {
  const [word, ...more] = versionWords(text.trim(), options)
  return word && more.length === 0 && word.text === text.trim() ? word.version : undefined
}

/** True when the text is nothing but version words and what may stand between them. */
export function isVersionList(text: string, options: { bare?: boolean } = {}): boolean {
  const words = versionWords(text, options)
  if (words.length === 0) return false
  let rest = text
  for (const word of [...words].reverse()) rest = rest.slice(0, word.start) + rest.slice(word.end)
  return /^(?:[\s,;:|+!&()'"[\]-]|\b(?:all|SSLv2Hello|TLS|or|and)\b)*$/i.test(rest)
}

function versionOf(family: string, major: string, minor: string | undefined): Version | undefined {
  if (family.toLowerCase() === 'ssl') {
    if (major === '2' && minor === '3') return undefined // SSLv23: any version, a default
    if (major === '2') return SSL_2_0
    return major === '3' ? SSL_3_0 : undefined
  }
  const isDatagram = family.toLowerCase() === 'dtls'
  return major === '1' ? TLS_1_0 + Math.max(Number(minor ?? 0), isDatagram ? 1 : 0) : undefined
}

function wordAt(match: RegExpExecArray, version: Version): Word {
  return { version, start: match.index, end: match.index + match[0].length, text: match[0] }
}

/**
 * The same spelling for TLS 1.2: `TLSv1.2` for `TLSv1`, `TLS1_2` for `TLS1_0`, `VersionTLS12` for `VersionTLS10`. `joint` is what stands
 * between major and minor where the old word has none.
 */
export function respell(word: string, joint: '.' | '_' | '' = '.'): string {
  if (/^0x/i.test(word)) return word.replace(/.$/, '3')
  const match =
    /^(.*?)(ssl|tls)((?:protocol)?[ _-]?v?[ _-]?)([123])([._-]?)([0-3])?((?:_20\d\d)?(?:_.*)?)$/i.exec(word)
  if (!match) return word.replace(/1([._])[01]/, '1$12')
  const [, head, family, middle, , joinedBy, minor, tail] = match as unknown as string[]
  const tls = family === 'ssl' ? 'tls' : family === 'SSL' ? 'TLS' : family === 'Ssl' ? 'Tls' : family
  const year = tail!.replace(/^_20\d\d/, '_2021')
  const separator = minor !== undefined ? joinedBy : year !== tail && /^TLSv/.test(word) ? '.' : joint
  return `${head}${tls}${middle}1${separator}2${year}`
}

/** What a number of a program is worth: `0xC0`, `&HC0` of Basic, `3_072`. */
export function numberOf(text: string): number {
  return Number(text.replace(/_|&$/g, '').replace(/^&h/i, '0x'))
}

/** The lowest version that a cloud's named policy lets in; undefined for a policy in order or unknown. Sources: vendors' policy tables, 2025-11. */
export function policyFloor(name: string): Version | undefined {
  const aws = /^ELBSecurityPolicy-(.+)$/.exec(name)
  if (aws) {
    const rest = aws[1]!
    const minor =
      /^TLS13-1-([0-3])\b/.exec(rest) ?? /^TLS-1-([0-3])-/.exec(rest) ?? /^FS-1-([0-3])-/.exec(rest)
    if (minor) return TLS_1_0 + Number(minor[1])
    return /^(?:2016-08|2015-0[235]|2014-\d\d|2011-08|FS-2018-06)$/.test(rest) ? TLS_1_0 : undefined
  }
  const azure = /^AppGwSslPolicy(\d{8})(S?)$/.exec(name)
  if (azure) {
    if (azure[1] === '20150501') return TLS_1_0
    return azure[1] === '20170401' && azure[2] === '' ? TLS_1_0 + 1 : TLS_1_2
  }
  const other =
    /^Policy-Min-TLS-1-([0-3])-/.exec(name) ??
    /^tls_cipher_policy_1_([0-3])/.exec(name) ??
    /^tls-1-([0-3])(?:-(?:inherit|strict|with.*))?$/.exec(name)
  return other ? TLS_1_0 + Number(other[1]) : undefined
}

/** Classic Load Balancers have policies of their own, none with TLS 1.3; the oldest names are theirs alone. */
const classicPolicy = /^ELBSecurityPolicy-201(?:1|4|5-0[23])/
const classicBalancer =
  /aws_load_balancer_policy|Reference-Security-Policy|ssl-negotiation-policy|AWS::ElasticLoadBalancing::LoadBalancer(?!\w)/

/** The successor that the vendor recommends for a legacy policy, where one keeps the same family. */
export function policySuccessor(name: string, around = ''): string | undefined {
  if (name.startsWith('ELBSecurityPolicy-'))
    return classicPolicy.test(name) || classicBalancer.test(around)
      ? 'ELBSecurityPolicy-TLS-1-2-2017-01'
      : 'ELBSecurityPolicy-TLS13-1-2-2021-06'
  if (name.startsWith('AppGwSslPolicy')) return 'AppGwSslPolicy20220101'
  if (name.startsWith('Policy-Min-TLS-')) return 'Policy-Min-TLS-1-2-2019-07'
  if (name.startsWith('tls_cipher_policy_')) return 'tls_cipher_policy_1_2'
  if (/^tls-1-\d/.test(name)) return 'tls-1-2'
  return undefined
}

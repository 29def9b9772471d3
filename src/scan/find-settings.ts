import type { Edit, Side } from '../model/finding.ts'
import { SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../model/version.ts'
import type { Role, Shape } from './judge.ts'
import { mergeEdits, wholeLines } from './mend.ts'
import type { Setting } from './read/setting.ts'
import type { Hit } from './recipe.ts'
import { flatName, type KeyRole, roleOfKey } from './roles.ts'
import { policyFloor, policySuccessor, respell, versionWords, type Word } from './words.ts'

/** What a value says under a role, with the places of its words in the source. */
export interface Reading {
  shape: Shape
  words: Word[]
}

const every = [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3]

/** Role of a setting, told from its name and what it stands in: `minVersion` under `tls` holds a TLS version. */
export function roleOfSetting(setting: Setting): KeyRole | undefined {
  const named = namedBeside(setting)
  const own = roleOfKey(named ?? setting.key)
  if (!own) return undefined
  const inTls = setting.parents.some(parent => /tls|ssl/i.test(parent) && !/openssl\/|cert/i.test(parent))
  return { role: own.role, strong: own.strong || inTls }
}

/** `{ name: X, value: Y }`: what Y is called is written beside it. */
export function namedBeside(setting: Setting): string | undefined {
  if (
    !/^(?:value|val|data|parametervalue|optionvalue|settingvalue|propertyvalue|defaultvalue|current_?value|_value)$/i.test(
      flatName(setting.key),
    )
  )
    return undefined
  const beside = setting.siblings.find(other =>
    /^(?:name|key|parametername|optionname|settingid|propertyname|setting|parameter|option|variable)$/i.test(
      flatName(other.key),
    ),
  )
  if (beside || setting.parents.at(-1) !== 'properties') return beside?.value
  // A configuration of Azure: `name: '…/tls_version'` with `properties: { value: … }`.
  const name = setting.around?.find(other => other.key === 'name')?.value
  return name?.replace(/^.*\//s, '').replace(/['")\]]+$/, '')
}

/** Words and shape of a value; undefined when it holds no version. */
export function readValue(
  setting: Pick<Setting, 'value' | 'start' | 'items' | 'key'>,
  { role, strong }: KeyRole,
): Reading | undefined {
  const words: Word[] = []
  for (const part of setting.items ?? [setting]) {
    const own = wordsOf(part.value, setting.key, strong).map(word => ({
      ...word,
      start: word.start + part.start,
      end: word.end + part.start,
    }))
    words.push(...own)
  }
  const text = setting.value
  if (words.length === 0) {
    const policy = policyFloor(text.trim())
    if (
      policy === undefined &&
      /(?:^|[\s,])all[\s,]/i.test(text) &&
      role === 'only' &&
      (strong || isSigned(text))
    )
      return {
        shape: { kind: 'only', versions: signedVersions(text, strong) },
        words: [{ version: TLS_1_0, start: setting.start, end: setting.start + text.length, text }],
      }
    if (policy === undefined) return bareSet(text, role, strong, setting)
    return {
      shape: { kind: 'min', versions: [policy] },
      words: [{ version: policy, start: setting.start, end: setting.start + text.length, text }],
    }
  }
  const versions = words.map(word => word.version)
  if (/^\s*>=?\s*/.test(text)) return { shape: { kind: 'min', versions }, words }
  if (/^\s*<=?\s*/.test(text)) return { shape: { kind: 'max', versions }, words }
  if (!setting.items && isSigned(text))
    return { shape: { kind: 'only', versions: signedVersions(text, strong) }, words }
  if (role === 'off')
    return { shape: { kind: 'only', versions: every.filter(version => !versions.includes(version)) }, words }
  return { shape: { kind: role, versions }, words }
}

function wordsOf(text: string, key: string, strong: boolean): Word[] {
  const words = versionWords(text, { bare: strong })
  if (/sslprotocol|tlsversion$|^securityprotocol/i.test(flatName(key)))
    for (const match of text.matchAll(/(?<![\w.])(?:Tls|Default|Ssl2|Ssl3)(?![\w.])/g))
      if (!words.some(word => word.start <= match.index && match.index < word.end))
        words.push({
          version: match[0].startsWith('Ssl') ? SSL_3_0 : TLS_1_0,
          start: match.index,
          end: match.index + match[0].length,
          text: match[0],
        })
  return words.sort((a, b) => a.start - b.start)
}

/** Values that name no version and let everything in: `all`, `None`, `TLSEnforcementDisabled`. */
function bareSet(
  text: string,
  role: Role,
  strong: boolean,
  setting: Pick<Setting, 'start' | 'key'>,
): Reading | undefined {
  const value = text.trim()
  const whole = [{ version: TLS_1_0, start: setting.start, end: setting.start + text.length, text }]
  if (role === 'min' && strong && /^(?:TLSEnforcementDisabled|Disabled|None|ANY)$/i.test(value))
    return { shape: { kind: 'weakens' }, words: whole }
  // The content delivery networks of Azure.
  if (flatName(setting.key) === 'tlsversion' && value === 'None')
    return { shape: { kind: 'weakens' }, words: whole }
  if (role === 'off' && /^(?:none|\[\s*\])$/i.test(value)) return { shape: { kind: 'weakens' }, words: whole }
  if (role === 'only' && strong && /^(?:all|any|legacy|\*)$/i.test(value))
    return { shape: { kind: 'only', versions: every }, words: whole }
  return undefined
}

export function isSigned(text: string): boolean {
  return (
    /(?:^|[\s,:;"'(])[!+-]\s?(?:ssl|tls|all)/i.test(text) ||
    /(?:^|[\s,:])(?:all|SSLv23)(?:[\s,:]|$)/i.test(text)
  )
}

/**
 * The versions that stay on after a signed list such as `all -SSLv3`, `!SSLv2, !SSLv3`, `-all +TLSv1.2`, `SSLv23:!TLSv1`. A list of removals only
 * starts from everything; a bare name after signs starts over (Apache).
 */
export function signedVersions(text: string, bare: boolean): Version[] {
  const on = new Set<Version>()
  let started = false
  for (const match of text.matchAll(/([!+-]|\bno[-_])?\s?([A-Za-z0-9][\w.]*)/g)) {
    const sign = match[1]
    const all = /^(?:all|SSLv23|ALL|any|TLS)$/i.test(match[2]!)
    const versions = all ? every : versionWords(match[2]!, { bare }).map(word => word.version)
    if (versions.length === 0) continue
    if (sign === undefined || sign === '+') {
      if (!started && sign === undefined) on.clear()
      for (const version of versions) on.add(version)
    } else {
      if (!started) for (const version of every) on.add(version)
      for (const version of versions) on.delete(version)
    }
    started = true
  }
  return [...on].sort((a, b) => a - b)
}

/** One hit for a setting whose value holds versions; undefined when it does not. */
export function hitOf(
  text: string,
  setting: Setting,
  key: KeyRole,
  side: Side,
  floor: Version,
): Hit | undefined {
  const reading = readValue(setting, key)
  if (!reading) return undefined
  const old = reading.words.find(word => word.version < floor) ?? reading.words[0]!
  const first =
    reading.shape.kind === 'only' && isSigned(setting.value)
      ? { start: setting.start, end: setting.end }
      : old
  return {
    start: first.start,
    end: first.end,
    shape: reading.shape,
    side,
    // A list of what is off grows by what is missing, in words that only its product knows.
    edits: key.role !== 'off' ? mendSetting(text, setting, reading, floor) : undefined,
  }
}

/** Edits of a value: legacy words leave a list that keeps a modern one, else the first is raised; a lone maximum goes with its line. */
export function mendSetting(
  text: string,
  setting: Setting,
  reading: Reading,
  floor: Version,
): Edit[] | undefined {
  const { shape, words } = reading
  if (shape.kind === 'weakens') return undefined
  const modern = modernList(text, setting)
  if (isSigned(setting.value)) {
    if (modern && /\+/.test(setting.value)) return [{ start: setting.start, end: setting.end, text: modern }]
    return mendSigned(setting, floor)
  }
  const around = text.slice(Math.max(0, setting.start - 400), setting.end + 200)
  const policy = policySuccessor(setting.value.trim(), around)
  if (policy !== undefined && policyFloor(setting.value.trim()) !== undefined)
    return [{ start: setting.start, end: setting.end, text: policy }]
  const old = words.filter(word => word.version < floor)
  const kept = words.filter(word => word.version >= floor)
  if (old.length === 0 || shape.kind === 'off') return undefined
  // CloudFront's names carry a year from TLS 1.1 on.
  if (isViewerMinimum(setting)) return old.map(({ start, end }) => ({ start, end, text: 'TLSv1.2_2021' }))
  if (shape.kind === 'max') {
    const line = setting.whole && wholeLines(text, setting.whole.start, setting.whole.end)
    return line && line.end - line.start > setting.whole!.end - setting.whole!.start
      ? [line]
      : raiseAll(text, old, floor)
  }
  if (shape.kind === 'min') return raiseAll(text, old, floor)
  if (kept.length > 0) return mergeEdits(old.map(word => withoutMember(text, setting, word, words, old)))
  if (modern) return [{ start: setting.start, end: setting.end, text: modern }]
  const [first, ...rest] = old
  return mergeEdits([
    ...raiseAll(text, [first!], floor),
    ...rest.map(word => withoutMember(text, setting, word, words, rest)),
  ])
}

/** What takes the place of a directive's list that names nothing modern: Apache and nginx know a form that lets TLS 1.3 in too. */
function modernList(text: string, setting: Setting): string | undefined {
  const isDirective = /^\s+["']?$/.test(text.slice(setting.keyStart + setting.key.length, setting.start))
  if (!isDirective) return undefined
  if (/^SSL(?:Proxy)?Protocol$/i.test(setting.key)) return 'all -SSLv3 -TLSv1 -TLSv1.1'
  return /^(?:[a-z]+_)?ssl_protocols$/.test(setting.key) ? 'TLSv1.2 TLSv1.3' : undefined
}

function isViewerMinimum(setting: Setting): boolean {
  return (
    flatName(setting.key) === 'minimumprotocolversion' &&
    (setting.key === 'MinimumProtocolVersion' || // of AWS alone
      setting.parents.some(parent => /^viewercertificate$|cloudfront/.test(flatName(parent))))
  )
}

function raiseAll(text: string, words: readonly Word[], floor: Version): Edit[] {
  return words.map(word => ({ start: word.start, end: word.end, text: raised(text, word, floor) }))
}

function raised(text: string, word: Word, _floor: Version): string {
  if (word.text === 'Tls' || word.text === 'Default' || word.text === 'Ssl3') return 'Tls12'
  return respell(word.text, text.includes('TLSv1_') && !text.includes('TLSv1.') ? '_' : '.')
}

/** Takes one of the words that go out of a list, with its quotes and the separator on one side: before it, where nothing is left behind it. */
function withoutMember(
  text: string,
  setting: Pick<Setting, 'start' | 'end'>,
  word: Word,
  words: readonly Word[],
  gone: readonly Word[],
): Edit {
  let { start, end } = word
  const quote = text[start - 1]
  if ((quote === '"' || quote === "'") && text[end] === quote && start > setting.start - 1) {
    start--
    end++
  }
  const isLast = words.slice(words.indexOf(word)).every(one => gone.includes(one))
  if (!isLast) {
    const after = /^[ \t]*(?:[,;:|+]|(?:or|and)\b)?\s*/.exec(text.slice(end, end + 200))![0].length
    // A YAML item takes its dash and line along.
    const dash = /(?:^|\n)([ \t]*-[ \t]+)$/.exec(text.slice(0, start))
    if (dash && /^[ \t]*\r?\n/.test(text.slice(end))) return wholeLines(text, start - dash[1]!.length, end)
    return { start, end: end + after, text: '' }
  }
  const before = /(?:\s*[,;:|+]|\s+(?:or|and)|\s*)[ \t]*$/.exec(
    text.slice(Math.max(0, start - 200), start),
  )![0].length
  const dash = /(?:^|\n)([ \t]*-[ \t]+)$/.exec(text.slice(0, start))
  if (dash) return wholeLines(text, start - dash[1]!.length, end)
  return { start: start - before, end, text: '' }
}

/** `all -SSLv3` gets its missing removals; a list of additions only loses its legacy ones. */
function mendSigned(setting: Setting, floor: Version): Edit[] | undefined {
  if (setting.key === 'sslVersion') return undefined // stunnel takes one name; `options = NO_TLSv1` does the rest
  const sign = /[!-]/.exec(setting.value)?.[0] ?? '-'
  if (/\+/.test(setting.value) || !/(?:^|[\s,:])(?:all|SSLv23)|^[\s"']*!/i.test(setting.value))
    return undefined
  const on = signedVersions(setting.value, false).filter(version => version < floor)
  const separator = setting.value.includes(',') ? ', ' : setting.value.includes(':') ? ':' : ' '
  const dotted = !/TLSv1_|SSLv23/.test(setting.value)
  const names = on.map(version =>
    version === TLS_1_0 ? 'TLSv1' : version === TLS_1_1 ? (dotted ? 'TLSv1.1' : 'TLSv1_1') : 'SSLv3',
  )
  return names.length > 0
    ? [
        {
          start: setting.end,
          end: setting.end,
          text: names.map(name => `${separator}${sign}${name}`).join(''),
        },
      ]
    : undefined
}

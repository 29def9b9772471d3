import { Fault } from '../base/fault.ts'
import type { Found } from './detect.ts'
import type { Layout, Place, QuotedLines, Sample, Source, ValueName } from './source.ts'

/** Whether what was given for a source is a `log_format` of nginx rather than the name of one: only that has variables. */
export function isLogFormat(text: string): boolean {
  return text.includes('$')
}

/**
 * Where the values of a line are, from the operator's own `log_format`: nothing has to be guessed from the lines. Takes the whole statement, as
 * it stands in the configuration, or the format alone.
 * Throws a usage Fault when the format holds no TLS version.
 */
export function readLogFormat(text: string, sources: readonly Source[], sample: Sample): Found {
  const format = formatOf(text)
  const layout = format.trim().startsWith('{') ? jsonLayout(format, sample) : textLayout(format, sample)
  if (!layout?.at.version)
    throw new Fault('usage', 'log-format', 'the log_format holds no $ssl_protocol or $ssl_preread_protocol', {
      hint: 'add it to the log_format of the server; tlsunset ingest --sources shows one to copy',
    })
  const isStream = format.includes('$ssl_preread_protocol')
  const source = sources.find(each => each.id === (isStream ? 'nginx-stream' : 'nginx'))!
  return { source, certainty: 'sure', layout }
}

/** The variables of nginx that hold what is looked for; of several the first that the format has. */
const variables: Readonly<Partial<Record<ValueName, readonly string[]>>> = {
  time: ['time_local', 'time_iso8601', 'msec'],
  version: ['ssl_protocol', 'ssl_preread_protocol'],
  cipher: ['ssl_cipher'],
  curve: ['ssl_curve'],
  address: ['remote_addr'],
  account: ['remote_user'],
  sni: ['ssl_server_name', 'ssl_preread_server_name', 'host', 'http_host'],
  userAgent: ['http_user_agent'],
  status: ['status'],
}

/** Values in which blanks may stand: what follows them is counted from the end of its part. */
const mayHaveBlanks =
  /^(remote_user|request|request_uri|args|query_string|uri|http_\w+|cookie_\w+|sent_http_\w+)$/

/** `log_format name escape=json '…' '…';` without what is around the format. */
function formatOf(text: string): string {
  const statement = /^\s*log_format\s+\S+\s+(?:escape=\w+\s+)?([\s\S]*)$/.exec(text)
  if (!statement) return text
  const strings = [...statement[1]!.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s;'"]+)|(;)/g)]
  let format = ''
  for (const [, single, double, bare, end] of strings) {
    if (end !== undefined) break
    format += (single ?? double ?? bare ?? '').replace(/\\(["'\\])/g, '$1')
  }
  return format
}

function jsonLayout(format: string, sample: Sample): Layout | null {
  let parsed: unknown
  try {
    // Numbers and objects that a variable brings along stand without quotes.
    parsed = JSON.parse(format.replace(/([:[,]\s*)\$\{?(\w+)\}?/g, '$1"$$$2"'))
  } catch {
    return null
  }
  const paths = new Map<string, string[]>()
  const walk = (value: unknown, path: string[]) => {
    if (typeof value === 'string') {
      const name = /^\$\{?(\w+)\}?$/.exec(value)?.[1]
      if (name !== undefined && !paths.has(name)) paths.set(name, path)
    } else if (value !== null && typeof value === 'object' && !Array.isArray(value))
      for (const [key, below] of Object.entries(value)) walk(below, [...path, key])
  }
  walk(parsed, [])
  const at = placesOf(name => {
    const path = paths.get(name)
    return path && { keys: [path] }
  })
  return { form: 'json', at, time: paths.has('time_local') ? 'common' : 'any', fileMs: sample.fileMs }
}

function textLayout(format: string, sample: Sample): Layout {
  const parts = format.split('"')
  const found = new Map<string, Place>()
  for (const [index, part] of parts.entries()) {
    const whole = /^\$\{?(\w+)\}?$/.exec(part)?.[1]
    if (whole !== undefined && index % 2 === 1) found.set(whole, { part: index + 1 })
    else
      for (const [name, place] of variablesOf(part, index + 1)) if (!found.has(name)) found.set(name, place)
  }
  const at = placesOf(name => found.get(name))
  const quoted = parts.length > 1 ? { quoted: linesOf(parts) } : {}
  return {
    form: 'text',
    at,
    time: found.has('time_local') ? 'common' : 'any',
    ...quoted,
    fileMs: sample.fileMs,
  }
}

/** The variables of a part: words, or pieces of words; or what stands between separators, where there are no blanks to tell words by. */
function variablesOf(part: string, number: number): [string, Place][] {
  for (const separator of ['\t', '|', ';', ',']) {
    const texts = part.split(separator).map(text => /^\s*\[?\$\{?(\w+)\}?\]?\s*$/.exec(text)?.[1])
    if (texts.length < 3 || texts.filter(name => name !== undefined).length < texts.length - 1) continue
    const free = texts.findIndex(name => name !== undefined && mayHaveBlanks.test(name))
    return texts.flatMap((name, index): [string, Place][] => {
      const at = free === -1 || index <= free ? index + 1 : index - texts.length
      return name === undefined ? [] : [[name, { part: number, piece: { between: separator, at } }]]
    })
  }
  // What $time_local stands for has a blank in it, and is two words.
  const words = part
    .trim()
    .split(/\s+/)
    .flatMap(word => (/\$\{?time_local\b/.test(word) ? [word, ''] : [word]))
  const free = words.findIndex(word => namesIn(word).some(name => mayHaveBlanks.test(name)))
  return words.flatMap((word, index) =>
    namesIn(word).map((name): [string, Place] => {
      const at = free === -1 || index <= free ? index + 1 : index - words.length
      const place = { part: number, word: at }
      return [name, name === 'time_local' ? { ...place, words: 2 } : pieceOf(name, word, place)]
    }),
  )
}

function pieceOf(name: string, word: string, place: { part: number; word: number }): Place {
  if (/^\[?\$\{?\w+\}?\]?$/.test(word)) return place
  const texts = word.split('/')
  const at = texts.findIndex(text => new RegExp(`^\\$\\{?${name}\\}?$`).test(text))
  if (texts.length > 1 && at !== -1) return { ...place, piece: { between: '/', at: at - texts.length } }
  return { ...place, piece: { after: word.slice(0, word.search(new RegExp(`\\$\\{?${name}\\b`))) } }
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/\$\{?(\w+)/g)].map(match => match[1]!)
}

function placesOf(placeOf: (name: string) => Place | undefined): Layout['at'] {
  const at: Layout['at'] = {}
  for (const [value, names] of Object.entries(variables))
    for (const name of names) {
      const place = placeOf(name)
      if (place) at[value as ValueName] ??= place
    }
  return at
}

/** What every line of this format has in common. */
function linesOf(parts: readonly string[]): QuotedLines {
  const before = /^([^\s[]*)( [^[]*)\[\$\{?time_local\}?\]/.exec(parts[0]!)
  // Without a user a dash stands for one.
  const gap = before?.[2]?.replace(/\$\{?remote_user\}?/, '-')
  return {
    words: parts.map((part, index) => {
      const words = part.trim() === '' ? [] : part.trim().split(/\s+/)
      if (index % 2 === 1 || namesIn(part).some(name => mayHaveBlanks.test(name))) return null
      return words.length + (namesIn(part).includes('time_local') ? 1 : 0)
    }),
    bareAddress: true,
    clockAfter: gap !== undefined && namesIn(gap).length === 0 ? gap.length : null,
  }
}

import { suiteByName } from '../model/iana/suites.ts'
import type { Layout, TextPlace, ValueName } from './source.ts'
import { noTls, versionSpellings } from './sql.ts'

/**
 * Finds out where a text log has its values. Operators choose the order of fields, so that only the lines themselves can tell: a line is cut
 * at its quotation marks, each part into words, and the place is taken where most lines have a word of the right kind. Positions are fixed,
 * so that a user agent which contains `TLSv1` is never mistaken for the version.
 */
export function findTextPlaces(
  lines: readonly string[],
): (Pick<Layout, 'at' | 'time'> & { share: number }) | null {
  const cut = lines.filter(line => !/^\s*($|#|\{|\[\s*\{)/.test(line)).map(cutLine)
  if (cut.length === 0) return null
  const version = best(cut, isVersionWord, word => isVersionWord(word) || noTls.includes(word.toLowerCase()))
  if (version === undefined) return null
  const at: Layout['at'] = { version: version.place }
  const taken = new Set([version.name])
  const find = (name: ValueName, test: (word: string) => boolean, least = 0.5, only?: 'quoted') => {
    const found = best(cut, test, test, taken, only)
    if (found === undefined || found.share < least) return
    at[name] = found.place
    taken.add(found.name)
  }
  find('address', isAddress)
  find('cipher', word => suiteByName(word) !== undefined, 0.2)
  const time = findTime(cut)
  if (time) at.time = time.place
  const request = best(cut, isRequest, isRequest, taken, 'quoted')
  if (request) {
    taken.add(request.name)
    const status = statusAfter(request.place, cut)
    if (status) at.status = status
  }
  find('userAgent', isUserAgent, 0.3, 'quoted')
  find('sni', isHostName, 0.3)
  // `host ident user [time]` of the common log format.
  const first = cut[0]!.parts[0]!.words
  if (at.address && first[1] !== undefined && first[3]?.startsWith('[') && isAddress(first[0]!))
    at.account = { part: 1, word: 3 }
  return { at, time: time?.notation ?? 'any', share: version.share }
}

/** The common log format, and all that is made after it, has the status right behind the request. */
function statusAfter(request: TextPlace, lines: readonly CutLine[]): TextPlace | undefined {
  const part = request.part + 1
  if (part === 0) return undefined
  const isStatus = (line: CutLine) =>
    /^[1-5]\d\d$/.test(line.parts.at(part > 0 ? part - 1 : part)?.words[0] ?? '')
  return lines.filter(isStatus).length >= lines.length * 0.8 ? { part, word: 1 } : undefined
}

/** A word that can only be a version of TLS; `1.2` alone could be anything. */
export function isVersionWord(word: string): boolean {
  return versionSpellings.has(word.toLowerCase())
}

export function isAddress(word: string): boolean {
  return (
    /^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/.test(word) ||
    /^\[?[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*\]?(:\d+)?$/i.test(word)
  )
}

function isHostName(word: string): boolean {
  return (
    /^(?=.{4,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]+$/i.test(word) &&
    !/\.(html?|php|js|css|png|jpe?g|ico)$/i.test(word)
  )
}

function isRequest(text: string): boolean {
  return /^[A-Z]{3,12} \S+/.test(text)
}

function isUserAgent(text: string): boolean {
  return (
    !/^[a-z]+:\/\//i.test(text) &&
    !isRequest(text) &&
    (/^Mozilla\//.test(text) || /^[\w.+-]+\/\d[\w.]*( |$|;)/.test(text))
  )
}

interface CutLine {
  parts: { text: string; quoted: boolean; words: string[] }[]
}

function cutLine(line: string): CutLine {
  const parts = line.replaceAll('\\"', "'").split('"')
  return {
    parts: parts.map((text, index) => ({
      text,
      quoted: index % 2 === 1,
      words: text.trim() === '' ? [] : text.trim().split(/\s+/),
    })),
  }
}

interface Candidate {
  name: string
  place: TextPlace
  /** How many lines have the wanted word there. */
  hits: number
  /** How many have it, or a word that may stand for none; as a share of all lines. */
  share: number
}

/** The place that holds for most lines. Among equals the one that is counted from the nearer end of the line wins. */
function best(
  lines: readonly CutLine[],
  wanted: (word: string) => boolean,
  allowed: (word: string) => boolean,
  taken: ReadonlySet<string> = new Set(),
  only?: 'quoted',
): Candidate | undefined {
  const found = new Map<string, { place: TextPlace; hits: number; allowed: number }>()
  for (const line of lines)
    for (const { place, text } of places(line)) {
      if (only === 'quoted' && place.word !== undefined) continue
      const isWanted = wanted(text)
      if (!isWanted && !allowed(text)) continue
      const name = JSON.stringify(place)
      const entry = found.get(name) ?? { place, hits: 0, allowed: 0 }
      entry.allowed++
      if (isWanted) entry.hits++
      found.set(name, entry)
    }
  let winner: Candidate | undefined
  for (const [name, entry] of found) {
    if (entry.hits === 0 || taken.has(name) || overlaps(entry.place, taken)) continue
    const share = entry.allowed / lines.length
    if (
      winner &&
      (winner.share > share || (winner.share === share && rank(winner.place) <= rank(entry.place)))
    )
      continue
    winner = { name, place: entry.place, hits: entry.hits, share }
  }
  return winner
}

/** The same word, counted from the other end, is not another word. */
function overlaps(place: TextPlace, taken: ReadonlySet<string>): boolean {
  if (place.piece) return false
  for (const name of taken) {
    const other = JSON.parse(name) as TextPlace
    if (!other.piece && other.part === place.part && other.word === place.word) return true
  }
  return false
}

function rank(place: TextPlace): number {
  return (
    Math.abs(place.part) +
    Math.abs(place.word ?? 0) / 100 +
    (place.part < 0 ? 0.5 : 0) +
    (place.piece ? 0.25 : 0)
  )
}

function* places(line: CutLine): Generator<{ place: TextPlace; text: string }> {
  const count = line.parts.length
  for (const [index, { text, quoted, words }] of line.parts.entries())
    for (const part of [index + 1, index - count]) {
      if (quoted) {
        yield { place: { part }, text }
        continue
      }
      for (const [at, word] of words.entries())
        for (const number of [at + 1, at - words.length]) {
          yield { place: { part, word: number }, text: word }
          yield* pieces({ part, word: number }, word)
        }
    }
}

function* pieces(place: TextPlace, word: string): Generator<{ place: TextPlace; text: string }> {
  const named = /^([A-Za-z_$][\w.$-]*[=:])(.+)$/.exec(word)
  if (named) yield { place: { ...place, piece: { after: named[1]! } }, text: named[2]! }
  const texts = word.includes('://') ? [] : word.split('/')
  if (texts.length < 2) return
  for (const [at, text] of texts.entries())
    yield { place: { ...place, piece: { between: '/', at: at - texts.length } }, text }
}

const commonTime = /^\[?\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2}/
const isoTime = /^\[?\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/
const isoDay = /^\[?\d{4}[-/]\d{2}[-/]\d{2}$/

/** Unquoted or quoted; of two words where the zone or the time of day stands apart. */
function findTime(lines: readonly CutLine[]): { place: TextPlace; notation: 'common' | 'any' } | undefined {
  const found = best(
    lines,
    word => commonTime.test(word) || isoTime.test(word) || isoDay.test(word),
    () => false,
  )
  if (!found) return undefined
  const { part, word } = found.place
  if (word === undefined)
    return {
      place: found.place,
      notation: lines.some(line => commonTime.test(line.parts.at(part > 0 ? part - 1 : part)?.text ?? ''))
        ? 'common'
        : 'any',
    }
  const example = lines
    .map(line => line.parts.at(part > 0 ? part - 1 : part)?.words)
    .find(words => words !== undefined)
  const first = example?.at(word > 0 ? word - 1 : word) ?? ''
  const second = example?.at(word > 0 ? word : word + 1) ?? ''
  const isSplit = isoDay.test(first) || (commonTime.test(first) && /^[+-]\d{4}\]?$/.test(second))
  return {
    place: isSplit ? { ...found.place, words: 2 } : found.place,
    notation: commonTime.test(first) ? 'common' : 'any',
  }
}

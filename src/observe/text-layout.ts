import { suiteByName } from '../model/iana/suites.ts'
import type { Layout, Piece, Place, QuotedLines, TextPlace, ValueName } from './source.ts'
import { noTls, versionSpellings } from './sql.ts'

/**
 * Finds out where a text log has its values. Operators choose the order of fields, so that only the lines themselves can tell: a line is cut
 * at its quotation marks, each part into words, and the place is taken where most lines have a word of the right kind. Positions are fixed,
 * so that a user agent which contains `TLSv1` is never mistaken for the version.
 */
export function findTextPlaces(
  lines: readonly string[],
): { layout: Pick<Layout, 'at' | 'time' | 'quoted'>; share: number } | null {
  const all = lines.filter(line => !/^\s*($|#|\{|\[\s*\{)/.test(line)).map(cutLine)
  // Broken lines would only mislead.
  const usual = usualLines(all)
  const cut = usual ?? all
  if (cut.length === 0) return null
  const versions = ({ parts }: CutLine) => places(parts, isVersionOrNone)
  const version = best(cut, versions, isVersionWord, isVersionOrNone)
  if (version === undefined) return null
  const at: Layout['at'] = { version: version.place }
  const taken = new Map([[version.name, version.place]])
  // A version may be rare; all else is in nearly every line.
  const some = cut.filter((_, index) => index % Math.ceil(cut.length / 250) === 0)
  const find = (name: ValueName, test: Test, least = 0.5, placesOf = everyPlace) => {
    const found = best(some, placesOf, test, test, taken)
    if (found === undefined || found.share < least) return
    at[name] = found.place
    taken.set(found.name, found.place)
  }
  find('address', isAddress)
  find('cipher', word => suiteByName(word) !== undefined, 0.2)
  const time = findTime(some)
  if (time) at.time = time.place
  const request = best(some, quotedParts, isRequest, isRequest, taken)
  if (request) {
    taken.set(request.name, request.place)
    const status = statusAfter(request.place, some)
    if (status) at.status = status
  }
  find('userAgent', isUserAgent, 0.3, quotedParts)
  find('sni', isHostName, 0.3)
  // `host ident user [time]` of the common log format.
  const first = cut[0]!.parts[0]!.words
  if (at.address && first[1] !== undefined && first[3]?.startsWith('[') && isAddress(first[0]!))
    at.account = { part: 1, word: 3 }
  const quoted = usual && inCommon(usual, at)
  return { layout: { at, time: time?.notation ?? 'any', ...(quoted && { quoted }) }, share: version.share }
}

/** So many lines must be alike for the others to count as broken. */
const usualShare = 0.9

/** Those with the same number of quotation marks, where nearly all have as many. */
function usualLines(all: readonly CutLine[]): CutLine[] | undefined {
  const counts = new Map<number, number>()
  for (const { parts } of all) counts.set(parts.length, (counts.get(parts.length) ?? 0) + 1)
  const [usual] = [...counts].sort((a, b) => b[1] - a[1])
  if (!usual || usual[0] === 1 || usual[1] < all.length * usualShare) return undefined
  return all.filter(({ parts }) => parts.length === usual[0])
}

function inCommon(lines: readonly CutLine[], at: Layout['at']): QuotedLines {
  const usually = (test: (line: CutLine) => boolean) => lines.filter(test).length >= lines.length * usualShare
  const words = lines[0]!.parts.map(({ words }, index) =>
    usually(line => line.parts[index]!.words.length === words.length) ? words.length : null,
  )
  const textAt = (line: CutLine, place: TextPlace) => {
    const part = line.parts.at(place.part > 0 ? place.part - 1 : place.part)
    const word = place.word ?? 0
    return word === 0 ? part?.text : part?.words.at(word > 0 ? word - 1 : word)
  }
  const wholeWord = (place: Place | undefined) =>
    place && 'part' in place && !place.piece ? place : undefined
  const address = wholeWord(at.address)
  const time = wholeWord(at.time)
  const clock = /^([^ "[]*)( [^"[]*)\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]/
  const gap = (line: CutLine) => clock.exec(line.parts[0]!.text)?.[2]?.length ?? 0
  const gaps = lines.map(gap).sort((a, b) => a - b)
  const usualGap = gaps[gaps.length >> 1]!
  return {
    words,
    bareAddress:
      address !== undefined &&
      lines.every(line => /^([\d.]+|[\da-f:]+|-)$/i.test(textAt(line, address) ?? '-')),
    clockAfter: time?.part === 1 && usualGap > 0 && usually(line => gap(line) === usualGap) ? usualGap : null,
  }
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
  if (/^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/.test(word)) return true
  // A time of day has colons as well, but neither two in a row nor seven.
  return /^\[?[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*\]?(:\d+)?$/i.test(word) && /::|^\[?(\w+:){6}/.test(word)
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
  /** Every place of the line. */
  places(): readonly PlacedText[]
}

type Test = (text: string) => boolean

/** A place, with the text that stands there. */
interface PlacedText {
  place: TextPlace
  text: string
}

function cutLine(line: string): CutLine {
  const parts = line
    .replaceAll('\\\\', '/')
    .replaceAll('\\"', "'")
    .split('"')
    .map((text, index) => ({
      text,
      quoted: index % 2 === 1,
      words: text.trim() === '' ? [] : text.trim().split(/\s+/),
    }))
  let known: PlacedText[] | undefined
  return {
    parts,
    places: () => {
      known ??= [...places(parts, () => true)]
      return known
    },
  }
}

function nameOf({ part, word, piece }: TextPlace): string {
  return `${part} ${word} ${piece === undefined ? '' : nameOfPiece(piece)}`
}

function nameOfPiece(piece: Piece): string {
  const own =
    'after' in piece ? piece.after : 'without' in piece ? piece.without : `${piece.between}${piece.at}`
  return piece.of ? `${nameOfPiece(piece.of)} ${own}` : own
}

interface Candidate {
  name: string
  place: TextPlace
  /** How many lines have the wanted word there. */
  hits: number
  /** How many have it, or a word that may stand for none; as a share of all lines. */
  share: number
}

const everyPlace = (line: CutLine) => line.places()
const quotedParts = (line: CutLine) =>
  line.places().filter(({ place }) => place.word === undefined && !place.piece)

/** The place that holds for most lines. Among equals the one that is counted from the nearer end of the line wins. */
function best(
  lines: readonly CutLine[],
  placesOf: (line: CutLine) => Iterable<PlacedText>,
  wanted: Test,
  allowed: Test,
  taken: ReadonlyMap<string, TextPlace> = new Map(),
): Candidate | undefined {
  const found = new Map<string, { place: TextPlace; hits: number; allowed: number }>()
  for (const line of lines)
    for (const { place, text } of placesOf(line)) {
      const isWanted = wanted(text)
      if (!isWanted && !allowed(text)) continue
      const name = nameOf(place)
      const entry = found.get(name) ?? { place, hits: 0, allowed: 0 }
      entry.allowed++
      if (isWanted) entry.hits++
      found.set(name, entry)
    }
  let winner: Candidate | undefined
  const most = Math.max(0, ...[...found.values()].map(entry => entry.hits))
  for (const [name, entry] of found) {
    // Where `-` may stand for none, many places have it; what somebody wrote into a request is rare.
    if (entry.hits === 0 || entry.hits < most / 4 || taken.has(name) || overlaps(entry.place, taken)) continue
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
function overlaps(place: TextPlace, taken: ReadonlyMap<string, TextPlace>): boolean {
  if (place.piece) return false
  for (const other of taken.values()) {
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

/** Places of a line, without those of words and their pieces that are no such text: to make a place takes longer than to look at its text. */
function* places(parts: CutLine['parts'], such: Test): Generator<PlacedText> {
  const count = parts.length
  for (const [index, { text, quoted, words }] of parts.entries())
    for (const part of [index + 1, index - count]) {
      if (quoted) {
        if (such(text)) yield { place: { part }, text }
        if (/^\S{1,30}[ /]/.test(text) && isVersionOrNone(text.split(/[ /]/, 1)[0]!))
          yield* joined(part, words)
        continue
      }
      for (const [at, word] of words.entries()) {
        const found = piecesOf(word).filter(piece => such(piece.text))
        for (const number of [at + 1, at - words.length]) {
          if (such(word)) yield { place: { part, word: number }, text: word }
          if (found.length > 0) yield* pieces({ part, word: number }, found)
        }
      }
      yield* columns(part, text)
    }
}

/** Fewer are no columns. */
const fewestColumns = 3

/** Columns with blanks in them, as of a user agent. What stands behind those is found from the end. */
function* columns(part: number, text: string): Generator<PlacedText> {
  for (const between of ['\t', '|', ';', ',']) {
    if (!text.includes(between)) continue
    const texts = text.split(between)
    if (texts.length < fewestColumns || !texts.some(text => isVersionOrDash(text) || isAddress(text)))
      continue
    for (const [index, text] of texts.entries())
      for (const at of [index + 1, index - texts.length])
        yield { place: { part, piece: { between, at } }, text }
  }
}

function isVersionOrDash(text: string): boolean {
  return text === '-' || isVersionWord(text)
}

/** `"TLSv1.2/AES128-SHA"` or `"TLSv1.2 AES128-SHA"`: what belongs together within one pair of quotation marks. */
function* joined(part: number, words: readonly string[]): Generator<PlacedText> {
  if (words.length === 1) yield* pieces({ part }, piecesOf(words[0]!))
  // Several versions are a list of what is offered or allowed.
  else if (words.length <= 3 && words.filter(isVersionWord).length <= 1)
    for (const [at, word] of words.entries()) yield { place: { part, word: at + 1 }, text: word }
}

function isVersionOrNone(word: string): boolean {
  return isVersionWord(word) || noTls.includes(word.toLowerCase())
}

/** Signs that stand around a word. */
const around = `[](){}<>'`
/** Without any of these a word has no pieces. */
const mayHavePieces = /[=:/|,;[\](){}<>']/

interface NamedPiece {
  piece: Piece
  text: string
}

/** What a word may be made of: `[TLSv1.2]`, `tls=TLSv1.2/AES128-SHA`. A piece of a piece has no name of its own. */
function piecesOf(word: string, of?: Piece): NamedPiece[] {
  if (!mayHavePieces.test(word)) return []
  const found: NamedPiece[] = []
  const add = (piece: Piece, text: string) => {
    const added = { piece: of ? { ...piece, of } : piece, text }
    found.push(added)
    return added
  }
  const within = ({ piece, text }: NamedPiece) => found.push(...piecesOf(text, piece))
  const named = of ? null : /^([A-Za-z_$][\w.$-]*[=:])(.+)$/.exec(word)
  if (named) within(add({ after: named[1]! }, named[2]!))
  const inner = of ? word : word.replace(/^[[({<']+|[\])}>']+$/g, '')
  // Times and addresses of IPv6 in brackets are known as they are.
  if (inner !== word && /^([a-z-]|\d{1,3}\.\d)/i.test(inner)) within(add({ without: around }, inner))
  if (word.includes('://')) return found
  for (const between of ['/', '|', ',', ';', ':']) {
    if (!word.includes(between)) continue
    const texts = word.split(between)
    if (between !== '/' && !texts.some(isVersionOrDash)) continue
    for (const [at, text] of texts.entries()) add({ between, at: at - texts.length }, text)
  }
  return found
}

function* pieces(place: TextPlace, found: readonly NamedPiece[]): Generator<PlacedText> {
  for (const { piece, text } of found) yield { place: { ...place, piece }, text }
}

const commonTime = /^\[?\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2}([.,]\d+)?( ?[+-]\d{4})?\]?$/
const isoTime = /^\[?\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[\d:.,]*(Z|[+-]\d{2}:?\d{2})?\]?$/
const isoText = /^\[?\d{4}[-/]\d{2}[-/]\d{2} \d{2}:\d{2}[\d:.,]*( ?[A-Z]{1,4}| ?[+-]\d{2}:?\d{2})?\]?$/
/** As HTTP has it: `Fri, 20 Nov 2026 10:00:00 GMT`. */
const httpTime = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const isoDay = /^\[?\d{4}[-/]\d{2}[-/]\d{2}$/

/** Unquoted or quoted; of two words where the zone or the time of day stands apart. */
function findTime(lines: readonly CutLine[]): { place: TextPlace; notation: 'common' | 'any' } | undefined {
  const found = best(
    lines,
    everyPlace,
    word => [commonTime, isoTime, isoText, httpTime, isoDay].some(notation => notation.test(word)),
    () => false,
  )
  if (!found) return undefined
  const { part, word } = found.place
  if (word === undefined) {
    const textOf = (line: CutLine) =>
      line.places().find(({ place }) => nameOf(place) === found.name)?.text ?? ''
    return {
      place: found.place,
      notation: lines.some(line => commonTime.test(textOf(line))) ? 'common' : 'any',
    }
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

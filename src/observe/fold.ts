import { missAnswers } from '../model/observation.ts'
import { clockTime } from './clock.ts'
import { rowStructure } from './fold/line-counter.ts'
import { type LinePlaces, most, type PartSpan } from './fold/line-places.ts'
import { valueSql } from './places.ts'
import { addedUpSql, eachLineSql, instantSql, type LineFacts, rolledUpSql, selectSql } from './reading.ts'
import type { QuotedLines, Reading, TextPlace, ValueName } from './source.ts'
import { literal, missedSql, plainAddressSql, type Sql, timeSql } from './sql.ts'

/**
 * Counting before reading. A log has millions of lines and some thousand clients, each of which writes the same but for times, requests and
 * numbers. So lines are first counted by the texts that make a difference, as they stand there, and one line of each kind is taken apart: by
 * the same reading as any other line, so that there is one meaning of a line.
 *
 * Lines are alike when they are plain (as many quotation marks as the log has, none of them escaped, a time where it belongs) and have the same
 * texts in all places that the reading uses. Addresses and the time of day are counted apart. A line that is not plain is like one of the same
 * bytes only.
 */
interface Fold {
  quoted: NonNullable<Reading['quoted']>
  /** Places whose text makes a difference. */
  places: TextPlace[]
  /** The place of a status of which only is asked whether it is one of a scanner. */
  asked: TextPlace | null
  /** Over a line: other texts that make a difference. */
  others: Sql[]
  /** The client's address as it stands there; null where the log has none. */
  address: TextPlace | null
}

/** The same rows as `eachLineSql` gives, in one pass over the lines, which are counted before they are read where that can be done. */
export function rollUpSql(reading: Reading, facts: LineFacts): Sql {
  const fold = foldOf(reading)
  return fold === null
    ? eachLineSql(reading, facts)
    : rolledUpSql(foldedSql(groupedSql(fold, facts.from), inStates, reading, facts))
}

/** By which places lines of this reading can be counted outside the engine; null where they cannot. */
export function linePlaces(reading: Reading): LinePlaces | null {
  const fold = foldOf(reading)
  if (fold === null || fold.others.length > 0 || reading.row.count !== undefined) return null
  const { quoted, places, asked, address } = fold
  const parts = quoted.words.length
  const { endFrom, rest } = endOf(places, quoted.words)
  // More of the text than is needed tells more apart, never less.
  const spanOf = ({ part, word, words }: TextPlace): PartSpan => {
    const number = numberOf(part, parts)
    return { part: number, to: number, ...(word !== undefined && words === undefined && { word }) }
  }
  const spans = [...new Map(rest.map(place => [JSON.stringify(place), spanOf(place)])).values()]
  const keys = endFrom === null ? spans : [{ part: endFrom, to: parts }, ...spans]
  const among = missAnswers.map(String)
  const fits = keys.length <= most.keys && parts <= most.parts && among.length <= most.asked
  if (!fits || keys.length === 0 || address?.piece || address?.words) return null
  return {
    parts,
    clockAfter: quoted.clockAfter!,
    keys,
    asked: asked && { at: spanOf(asked), among },
    address: address && spanOf(address),
  }
}

/** The same rows as `rollUpSql` gives, from lines that were counted by their places. */
export function countedLinesSql(counted: CountedRows, reading: Reading, facts: LineFacts): Sql {
  const from = counted.rows.map(
    path => `SELECT * FROM file(${literal(path)}, 'RowBinary', ${literal(rowStructure)})`,
  )
  const starts = counted.linesBefore.map(lines => `toUInt64(${lines})`).join(', ')
  const rows = `SELECT line, [${starts}][piece + 1] + nth + 1 AS seq, plain, lines, first_second, last_second, by_hour,
      arrayFilter(address -> address != '', arrayMap(address -> ${plainAddressSql('address')}, address_texts)) AS addresses_seen
    FROM (${from.join(' UNION ALL ')})`
  return rolledUpSql(foldedSql(rows, inLists, reading, facts))
}

/** In which form the addresses of a group come, and what counts the different ones in those of several groups. */
interface Addresses {
  none: Sql
  one: Sql
  count: Sql
}

const stateOf = (texts: Sql) => `arrayReduce('uniqCombinedState(12)', ${texts})`
const inStates: Addresses = {
  none: stateOf('emptyArrayString()'),
  one: stateOf('[address]'),
  count: 'uniqCombinedMerge(12)',
}
const inLists: Addresses = {
  none: 'emptyArrayString()',
  one: '[address]',
  count: 'uniqCombinedArray(12)',
}

/** Rows of lines that were counted outside the engine (fold/count-file.ts). */
interface CountedRows {
  rows: readonly string[]
  linesBefore: readonly number[]
}

/** How lines of this reading are alike; null where that cannot be told without reading each. */
function foldOf(reading: Reading): Fold | null {
  const { quoted } = reading
  if (!quoted || quoted.clockAfter === null || reading.unwrap) return null
  const steps = Object.entries(reading.steps ?? {})
  const withSteps = (text: Sql) =>
    [text, ...steps.filter(([name]) => isIn(name, [text])).map(([, sql]) => sql)].join(' ')
  const isIn = (name: string, texts: readonly Sql[]) =>
    texts.some(text => new RegExp(`\\b${name}\\b`).test(text))
  const inRows = Object.entries(reading.row)
    .filter(([column]) => column !== 'at' && column !== 'address')
    .map(([, sql]) => withSteps(sql))
  if (['line', 'cut', 'seq', 'time', 'instant'].some(name => isIn(name, inRows))) return null
  // That the time is a time makes a line of a plain one, whatever its address.
  const needed = Object.keys(reading.values).filter(
    name =>
      isIn(name, inRows) ||
      (!['address', 'time', 'parts'].includes(name) && isIn(name, [withSteps(reading.reject)])),
  )
  const fold: Fold = { quoted, places: [], asked: null, others: [], address: null }
  for (const name of needed) {
    const place = quoted.at[name as ValueName]
    const isPart = place && 'part' in place
    // Of many statuses one thing only is asked.
    const isAsked =
      name === 'status' &&
      isPart &&
      place.word === 1 &&
      inRows.filter(text => isIn(name, [text])).every(text => text === missedSql(name))
    if (isAsked) fold.asked = place
    else if (isPart) fold.places.push(place)
    else if (isIn('cut', [reading.values[name]!])) return null
    else if (reading.values[name] !== "''") fold.others.push(reading.values[name]!)
  }
  const { address } = quoted.at
  if (address && 'part' in address) fold.address = address
  return fold.places.length + fold.others.length + Number(fold.asked !== null) === 0 ? null : fold
}

/** The number of a part from 1. */
function numberOf(part: number, count: number): number {
  return part > 0 ? part : count + 1 + part
}

/**
 * The part from which on all of the line is in these places, and the places before it: one text to the end costs less than cutting it up. Null
 * where the end of the line is not in them.
 */
function endOf(
  places: readonly TextPlace[],
  words: QuotedLines['words'],
): { endFrom: number | null; rest: TextPlace[] } {
  const count = words.length
  const wholly = (part: number) => {
    const taken = places.filter(place => numberOf(place.part, count) === part)
    if (taken.some(place => place.word === undefined)) return true
    return taken.length > 0 && new Set(taken.map(place => place.word)).size === words[part - 1]
  }
  let from = count + 1
  for (let part = count; part >= 1 && (wholly(part) || words[part - 1] === 0); part--)
    if (wholly(part)) from = part
  return {
    endFrom: from <= count ? from : null,
    rest: places.filter(place => numberOf(place.part, count) < from),
  }
}

/** Over plain lines: texts that hold all that makes a difference. They may tell more apart than is needed, never less. */
function keysSql({ quoted: { words }, places, asked, others }: Fold): Sql[] {
  const count = words.length
  const { endFrom, rest } = endOf(places, words)
  return [
    ...(endFrom === null ? [] : [`substringIndex(line, '"', ${endFrom - count - 1})`]),
    ...new Set(rest.map(place => wordSql(place, count))),
    ...(asked ? [missedSql(firstWordSql(numberOf(asked.part, count)))] : []),
    ...others,
  ]
}

/** The first word of a part, where only short ones are looked for. */
function firstWordSql(part: number): Sql {
  let before = '0'
  for (let number = 1; number < part; number++) before = `position(line, '"', ${before} + 1)`
  return `splitByWhitespace(substring(line, ${before} + 1, 8))[1]`
}

/** The text at a place of a plain line. */
function wordSql(place: TextPlace, count: number): Sql {
  if (place.part === 1 && place.word === 1 && !place.piece)
    return "substring(line, 1, position(line, ' ') - 1)"
  return valueSql(place, part => {
    const number = numberOf(part, count)
    return number === 1
      ? `substringIndex(line, '"', 1)`
      : `substringIndex(substringIndex(line, '"', ${number}), '"', -1)`
  })
}

function plainSql(parts: number, clockAfter: number): Sql {
  return [
    `countSubstrings(line, '"') = ${parts - 1}`,
    `position(line, '\\\\"') = 0`,
    "instant > toDateTime(0, 'UTC')",
    // The bracket that closes it.
    "substring(line, bracket + 27, 1) = ']'",
    `bracket - position(line, ' ') = ${clockAfter}`,
    // In a user there may be another bracket, and the reading may look for the time from the end of its part.
    `position(line, '[', bracket + 1) NOT BETWEEN 1 AND position(line, '"')`,
    `position(line, '\\t') NOT BETWEEN 1 AND bracket`,
    // Marks and zeros are taken off before a line is read.
    `substring(line, 1, 1) NOT IN ('\\xEF', '\\0')`,
  ].join(' AND ')
}

/** Lines of `from`, grouped by the engine. */
function groupedSql(fold: Fold, from: Sql): Sql {
  const { words, clockAfter, bareAddress } = fold.quoted
  const texts = keysSql(fold)
  const keys = texts.map((_, index) => `key_${index}`)
  // `[22/Nov/2026:17:28:05 +0000]`, whose bracket is the first of the line.
  const clocks = `SELECT seq, line, bracket, ${clockTime('substring(line, bracket + 1, 26)')} AS instant
    FROM (SELECT seq, line, position(line, '[') AS bracket FROM (${from}))`
  const address = fold.address ? wordSql(fold.address, words.length) : "''"
  const cut = `SELECT seq AS nth, line AS text, toDate(instant) AS day, toUInt32(instant) % 86400 AS second, ${plainSql(words.length, clockAfter!)} AS is_plain,
      ${bareAddress ? address : plainAddressSql(address)} AS address_text${texts.map((key, index) => `, ${key} AS key_${index}`).join('')}
    FROM (${clocks})`
  // Two hashes of different making stand for the texts: 128 bits tell as much as they do, at half the cost.
  const hashes = `if(is_plain, cityHash64(${['day', ...keys].join(', ')}), toUInt64(nth)), if(is_plain, xxh3(${keys.join(', ')}), toUInt64(0))`
  return `SELECT any(text) AS line, min(nth) AS seq, any(is_plain) AS plain, count() AS lines,
      min(second) AS first_second, max(second) AS last_second,
      countResample(0, 24, 1)(if(is_plain, toUInt8(intDiv(second, 3600)), 255)) AS by_hour,
      uniqCombinedStateIf(12)(address_text, is_plain AND address_text NOT IN ('', '-')) AS addresses_seen
    FROM (${cut}) GROUP BY ${hashes}`
}

/** The rows of groups of lines: one line of each is read, and counts for all. */
function foldedSql(folded: Sql, addresses: Addresses, reading: Reading, facts: LineFacts): Sql {
  const at = `if(plain, ${timeSql.common("substring(line, position(line, '['), 28)")}, ${reading.row.at})`
  const select = selectSql(
    { ...reading, row: { ...reading.row, at } },
    {
      ...facts,
      from: folded,
      carry: ['plain', 'lines', 'first_second', 'last_second', 'by_hour', 'addresses_seen'],
    },
  )
  return countedFoldsSql(select, addresses, reading, facts.fileMs)
}

/** What `eachLineSql` tells of lines, of folded rows. */
function countedFoldsSql(select: Sql, addresses: Addresses, reading: Reading, fileMs: number): Sql {
  // Where lines are filed whose own time cannot be right, their time of day says nothing either.
  const isTimed = `plain AND at != ${instantSql(fileMs)}`
  const second = (name: string) =>
    `if(${isTimed}, toDateTime64(toStartOfDay(at), 3, 'UTC') + toIntervalSecond(${name}), at)`
  return addedUpSql(select, reading, {
    connections: 'sum(lines * count)',
    first: second('first_second'),
    last: second('last_second'),
    addresses: `${addresses.count}(multiIf(plain, addresses_seen, address = '', ${addresses.none}, ${addresses.one}))`,
    hours: `sumForEach(if(${isTimed}, arrayMap(lines -> lines * toUInt64(count), by_hour), ${onlyHour('toHour(at)', 'lines * count')}))`,
  })
}

/** Over a row: connections by hour of the day, where all of them are in one hour. */
function onlyHour(hour: Sql, connections: Sql): Sql {
  return `arrayMap(each -> if(each = ${hour}, toUInt64(${connections}), 0), range(24))`
}

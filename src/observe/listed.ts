import type { CountedFile } from './fold/count-file.ts'
import { listedStructure, rowStructure } from './fold/line-counter.ts'
import type { LinePlaces } from './fold/line-places.ts'
import { linePlaces } from './fold.ts'
import {
  fixedColumns,
  type LineFacts,
  plausibleInstantSql,
  readingSettings,
  rowColumns,
  selectSql,
} from './reading.ts'
import type { Reading } from './source.ts'
import { literal, plainAddressSql, type Sql, timeSql } from './sql.ts'

/** For the end of a statement over them. The kinds are few: dividing them, and the lines with them, among threads costs more than it saves. */
export const listedSettings: Sql = `${readingSettings}, join_algorithm = 'hash'`

/** By which places the kinds of lines can be told; null where lines of this reading have to be read one by one. */
export function listedPlaces(reading: Reading): LinePlaces | null {
  if (reading.hello) return null
  const { address } = reading.row
  const isAsItStands =
    address === undefined ||
    (address === 'bare_address' && reading.steps?.bare_address === plainAddressSql('address'))
  const places = isAsItStands ? linePlaces(reading) : null
  return places !== null && (address === undefined) === (places.address === null) ? places : null
}

/**
 * The rows that `selectSql` makes of lines, from lines that were listed by their kinds (fold/count-file.ts): a line of each kind is read, and what it
 * says stands in the rows of all lines of that kind; the number of a line, its time and its address are its own. Lines that are not plain are read
 * one by one.
 */
export function listedLinesSql(
  listed: Pick<CountedFile, 'rows' | 'lists' | 'linesBefore'>,
  reading: Reading,
  facts: Omit<LineFacts, 'from' | 'carry'>,
): Sql {
  const starts = listed.linesBefore.map(lines => `toUInt64(${lines})`).join(', ')
  const seq = `[${starts}][piece + 1] + nth + 1 AS seq`
  // Kinds are numbered in each file from 0.
  const kind = (file: number) => `toUInt64(number) + ${file * 2 ** 32} AS kind`
  const all = (paths: readonly string[], format: string, structure: string) =>
    paths
      .map(
        (path, file) =>
          `SELECT *, ${kind(file)} FROM file(${literal(path)}, '${format}', ${literal(structure)})`,
      )
      .join(' UNION ALL ')
  const rows = all(listed.rows, 'RowBinary', rowStructure)
  const lines = all(listed.lists, 'Native', listedStructure)

  const day = `toStartOfDay(${timeSql.common("substring(line, position(line, '['), 28)")})`
  const shared = rowColumns.filter(
    name => reading.row[name] !== undefined && !['at', 'address'].includes(name),
  )
  const kinds = selectSql(reading, {
    ...facts,
    from: `SELECT kind, ${seq}, line, ${day} AS day FROM (${rows}) WHERE plain`,
    carry: ['kind', 'day'],
  })
  const own: Readonly<Record<string, Sql>> = {
    ...fixedColumns(reading, facts),
    at: plausibleInstantSql('instant', facts),
    address: reading.row.address === undefined ? "''" : plainAddressSql('address_text'),
  }
  const columns = rowColumns.map(name =>
    shared.includes(name) ? `\`${name}\`` : `${own[name]} AS \`${name}\``,
  )
  const plain = `SELECT seq, why, ${columns.join(', ')}
    FROM (SELECT *, ${seq}, toDateTime64(day, 3, 'UTC') + toIntervalSecond(second) AS instant FROM (${lines}) AS listed
      ANY LEFT JOIN (SELECT kind, day, why${shared.map(name => `, \`${name}\``).join('')} FROM (${kinds})) AS kinds USING (kind))`
  const others = selectSql(reading, { ...facts, from: `SELECT ${seq}, line FROM (${rows}) WHERE NOT plain` })
  return `${plain} UNION ALL ${others}`
}

import type { Sql } from './sql.ts'

/**
 * Instants of the common log format, `22/Nov/2026:17:28:05 +0000`, reckoned from their digits for all lines at once. The engine's own reading of
 * dates takes as long as all else that is read of a line. Texts become numbers of 8 bytes, of which the first is the highest.
 */

/** Eight bytes of a text, as a number. */
export function eightBytes(text: Sql, from: Sql): Sql {
  return `byteSwap(reinterpretAsUInt64(substring(${text}, ${from}, 8)))`
}

const clockDigits = '0x0F0F000F0F000F0F'

/** Where `clock` (`17:28:05`) and `zone` (` +0000` and what follows) have digits and signs. */
export const isClock: Sql = both('clock')
export const isZone: Sql = zoneIs('zone')

/** Seconds since midnight by UTC, over `clock` and `zone`; where the log tells other time, they may be those of the day before or after. */
export const utcSecond: Sql = second('clock', 'zone')

/** The instant that a text names, with or without brackets around it; what is written in another way is left to the engine. */
export function commonTime(text: Sql): Sql {
  const start = `(1 + toUInt8(startsWith(${text}, '[')))`
  // `22/Nov/2`, `ov/2026:`, `17:28:05` and ` +0000`.
  const [date, year, clock, zone] = [0, 4, 12, 20].map(after => eightBytes(text, `${start} + ${after}`)) as [
    Sql,
    Sql,
    Sql,
    Sql,
  ]
  const isCommon = [
    `length(${text}) = 24 + 2 * ${start}`,
    `bitAnd(${date}, 0xF0F0FF000000FF00) = 0x30302F0000002F00`,
    `bitAnd(${year}, 0x0000FFF0F0F0F0FF) = 0x00002F303030303A`,
    both(clock),
    zoneIs(zone),
  ].join(' AND ')
  const years = pairs(year, '0x0000000F0F0F0F00')
  const month = `transform(toUInt32(bitAnd(bitShiftRight(${date}, 16), 0xFFFFFF)), [${months.map(monthNumber).join(', ')}], [${months.map((_, index) => index + 1).join(', ')}], 0)`
  const day = `makeDate(${byte(years, 3)} * 100 + ${byte(years, 1)}, ${month}, ${byte(pairs(date, '0x0F0F000000000000'), 6)})`
  const atMs = `(toInt64(toUInt16(${day})) * 86400 + ${second(clock, zone)}) * 1000`
  return `if(${isCommon}, fromUnixTimestamp64Milli(${atMs}, 'UTC'), ${slowCommonTime(`if(${isCommon}, '', ${text})`)})`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function monthNumber(name: string): number {
  return (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2)
}

/** The same, read by the engine. */
export function slowCommonTime(text: Sql): Sql {
  return `parseDateTime64BestEffortOrZero(replaceOne(replaceOne(replaceOne(${text}, '[', ''), ']', ''), ':', ' '), 3, 'UTC')`
}

function both(clock: Sql): Sql {
  const numbers = pairs(clock, clockDigits)
  return `bitAnd(${clock}, 0xF0F0FFF0F0FFF0F0) = 0x30303A30303A3030
    AND ${byte(numbers, 6)} < 24 AND ${byte(numbers, 3)} < 60 AND ${byte(numbers, 0)} < 61`
}

/** A blank, a sign, four digits. */
function zoneIs(zone: Sql): Sql {
  return `bitAnd(${zone}, 0xFFF9F0F0F0F00000) = 0x2029303030300000`
}

function second(clock: Sql, zone: Sql): Sql {
  const [of, off] = [pairs(clock, clockDigits), pairs(zone, '0x00000F0F0F0F0000')]
  return `(${byte(of, 6)} * 3600 + ${byte(of, 3)} * 60 + ${byte(of, 0)}
    - if(bitAnd(${zone}, 0x0004000000000000) = 0, 1, -1) * (${byte(off, 4)} * 3600 + ${byte(off, 2)} * 60))`
}

/** Two decimal digits side by side become their number, in the lower of their two bytes: all pairs of the text at once. */
function pairs(text: Sql, digits: string): Sql {
  return `(bitAnd(${text}, ${digits}) + bitShiftRight(bitAnd(${text}, ${digits}), 8) * 10)`
}

function byte(text: Sql, at: number): Sql {
  return `toInt32(bitAnd(bitShiftRight(${text}, ${8 * at}), 255))`
}

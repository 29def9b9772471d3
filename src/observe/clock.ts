import type { Sql } from './sql.ts'

/**
 * The instant of a text in the common log format, `22/Nov/2026:17:28:05 +0000` and nothing around it; 1970 for any other text. By a format the
 * engine reads more than twice as fast as by guessing, and two calls are planned at once.
 */
export function clockTime(text: Sql): Sql {
  return `parseDateTimeOrZero(${text}, '%d/%b/%Y:%H:%i:%s %z', 'UTC')`
}

/** The same with or without brackets around it; what is written in another way, as with a fraction or without a zone, is guessed. */
export function commonTime(text: Sql): Sql {
  const bare = `trim(BOTH '[]' FROM ${text})`
  const clock = clockTime(bare)
  const others = `replaceOne(if(${clock} = toDateTime(0, 'UTC'), ${bare}, ''), ':', ' ')`
  return `greatest(toDateTime64(${clock}, 3, 'UTC'), parseDateTime64BestEffortOrZero(${others}, 3, 'UTC'))`
}

/** What a text says of an instant: the instant, or in words why it is none. */
export type InstantResult = { ok: true; atMs: number } | { ok: false; message: string; hint: string }

/**
 * Reads `2023-03-31T00:00:00Z`, the same with an offset, or a day, which means 00:00 UTC of that day. A time without a zone is refused: the
 * readers of a retirement file sit in several.
 */
export function parseInstant(text: string): InstantResult {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
      text.trim(),
    )
  if (!match)
    return {
      ok: false,
      message: `${text} is not a date`,
      hint: 'write 2023-03-31T00:00:00Z, or 2023-03-31 for 00:00 UTC',
    }
  const [, year, month, day, hour, minute, second, zone] = match
  if (hour !== undefined && zone === undefined)
    return {
      ok: false,
      message: `${text} has no time zone`,
      hint: `write ${text.trim().replace(' ', 'T')}Z for UTC`,
    }
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  const real =
    Number(month) >= 1 &&
    Number(month) <= 12 &&
    Number(day) >= 1 &&
    Number(day) <= days &&
    Number(hour ?? 0) < 24 &&
    Number(minute ?? 0) < 60 &&
    Number(second ?? 0) < 60
  if (!real || Number(year) < 1990 || Number(year) > 2200)
    return { ok: false, message: `there is no such date as ${text}`, hint: 'year, month, day: 2023-03-31' }
  const utcMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
  )
  return { ok: true, atMs: utcMs - offsetMs(zone) }
}

function offsetMs(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '')
  if (!match) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000
}

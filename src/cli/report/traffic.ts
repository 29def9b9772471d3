import { percentText } from '../../base/text.ts'
import { utcDay } from '../../base/time.ts'
import { burnDown } from '../../identify/clients.ts'
import type { FlagValues, Io } from '../command.ts'
import { type Asked, judgedRows } from './explain.ts'
import type { Gathered } from './gather.ts'

/** Traffic of one UTC day, junk apart, of accounts and of nobody: all of it, and what would break. */
export interface DayOfTraffic {
  day: string
  connections: number
  wouldBreak: number
}

/** Traffic by day, from the rows where they are of one day each (files), else counted by the store, which keeps days apart. */
export async function trafficByDay(
  asked: Asked & { facts: Parameters<typeof burnDown>[0]; gathered: Pick<Gathered, 'rowsAfter'> },
  flags: FlagValues,
  io: Io,
): Promise<DayOfTraffic[]> {
  if (asked.gathered.rowsAfter === undefined)
    return burnDown(asked.facts).map(({ atMs, connections, wouldBreak }) => ({
      day: utcDay(atMs),
      connections,
      wouldBreak,
    }))
  const { storeRows } = await import('../store/query.ts')
  const rows = await storeRows(
    `SELECT toString(day) AS day, sum(connections) AS seen, sumIf(connections, reading = 'breaks') AS would_break FROM (${everyRow(asked)}) GROUP BY day ORDER BY day`,
    flags,
    io,
  )
  return rows.map(({ day, seen, would_break }) => ({
    day: String(day),
    connections: Number(seen),
    wouldBreak: Number(would_break),
  }))
}

/** What of a day's traffic would break, as a query. */
export function dayQuery(asked: Asked, day: string): string {
  return `SELECT sumIf(connections, reading = 'breaks') FROM (${everyRow(asked)}) WHERE day = '${day}'`
}

/** With what accounts did before they were mended: it was traffic, too. */
function everyRow(asked: Asked): string {
  return judgedRows({ ...asked, mended: new Map() })
}

const week = 7

/** `Of all connections 61 % would have broken in the first seven days with traffic, 23 % in the last seven.`; empty for less than two weeks. */
export function trafficText(days: readonly DayOfTraffic[]): string {
  if (days.length < 2 * week) return ''
  const share = (some: readonly DayOfTraffic[]) => {
    const sum = (of: (day: DayOfTraffic) => number) => some.reduce((total, day) => total + of(day), 0)
    return percentText(
      sum(day => day.wouldBreak) /
        Math.max(
          1,
          sum(day => day.connections),
        ),
    )
  }
  return ` Of all connections ${share(days.slice(0, week))} would have broken in the first seven days with traffic, ${share(days.slice(-week))} in the last seven.`
}

import { hourMs } from '../base/time.ts'
import type { Window } from '../model/api.ts'
import { coverageOf, type SourceCoverage } from '../model/coverage.ts'
import type { Database } from './database.ts'
import { days, insideDays } from './usage.ts'

/** What each source delivered in the window, and when it should have and did not. */
export async function coverage(db: Database, window: Window): Promise<SourceCoverage[]> {
  const found = await db.rows<{ source: string; day_ms: number; hours_: Record<string, number> }>(
    `SELECT source, toUnixTimestamp(toDateTime(day, 'UTC')) * 1000 AS day_ms, sumMap(hours) AS hours_
     FROM source_days WHERE ${insideDays} GROUP BY source, day ORDER BY source, day`,
    days(window),
  )
  const bySource = new Map<string, Map<number, number>>()
  for (const { source, day_ms, hours_ } of found) {
    const hours = bySource.get(source) ?? new Map<number, number>()
    bySource.set(source, hours)
    for (const [hour, count] of Object.entries(hours_))
      hours.set(Number(day_ms) + (Number(hour) % 24) * hourMs, Number(count))
  }
  return [...bySource].map(([source, hours]) => coverageOf(source, hours, window.fromMs, window.toMs))
}

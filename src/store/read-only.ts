import { Fault } from '../base/fault.ts'
import type { Database } from './database.ts'

/**
 * Runs a SELECT that somebody typed. The engine itself refuses whatever would write, and ends what takes too long. Throws a usage Fault with the
 * engine's words for a statement that it does not take.
 */
export async function readOnly(db: Database, sql: string): Promise<Record<string, unknown>[]> {
  const statement = sql.trim().replace(/;\s*$/, '')
  if (!/^(?:select|with)\b/i.test(statement))
    throw new Fault('usage', 'not-a-select', 'only a SELECT can be run here', {
      hint: 'tlsunset store query "SELECT count() FROM usage"',
    })
  try {
    return await db.rows(
      `SELECT * FROM (\n${statement}\n) SETTINGS readonly = 1, max_execution_time = ${mostSeconds}`,
    )
  } catch (error) {
    if (error instanceof Fault || !(error instanceof Error)) throw error
    throw new Fault(
      'usage',
      'query',
      `the engine does not take this: ${error.message.split('\n')[0]!.slice(0, 300)}`,
      {
        cause: error,
      },
    )
  }
}

const mostSeconds = 300

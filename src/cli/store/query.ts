import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { Fault } from '../../base/fault.ts'
import { parseLocation } from '../../store/location.ts'
import { askServer } from '../ask-server.ts'
import type { FlagValues, Io } from '../command.ts'

/** The rows of one SELECT, through the server that holds the store, else from the store itself. Throws Faults. */
export async function storeRows(
  statement: string,
  flags: FlagValues,
  io: Io,
): Promise<Record<string, unknown>[]> {
  const sql = statement === '-' ? await text(io.stdin) : statement
  const location = parseLocation(flags.store as string | undefined, io)
  if (location.kind === 'directory') {
    if (!existsSync(location.path))
      throw new Fault('input', 'no-store', `there is no store at ${location.path}`, {
        hint: 'tlsunset ingest FILE fills one',
      })
    const answer = await askServer<{ rows: Record<string, unknown>[] }>(
      location.path,
      '/v1/query',
      io.signal,
      { sql },
    )
    if (answer) return answer.rows
  }
  const { openDatabase } = await import('../../store/database.ts')
  const { readOnly } = await import('../../store/read-only.ts')
  const db = await openDatabase(location)
  try {
    return await readOnly(db, sql)
  } finally {
    await db.close()
  }
}

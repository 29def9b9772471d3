import type { UsageRow } from '../model/usage.ts'
import { camelKeys, quote } from './columns.ts'
import type { Database } from './database.ts'

/** All that a verdict or the name of a client stack rests on: the columns behind the number `client` of the roll-up (schema 004). */
export type Client = Pick<
  UsageRow,
  | 'service'
  | 'account'
  | 'source'
  | 'attributedBy'
  | 'confidence'
  | 'shape'
  | 'offeredMax'
  | 'negotiated'
  | 'suite'
  | 'outcome'
  | 'reason'
  | 'userAgent'
  | 'retry'
>

export const clientColumns =
  'service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, user_agent'

/** So many clients are kept in memory at most, some 0.5 KiB each; with more of them, those asked for last. */
const mostKept = 200_000

const keptBy = new WeakMap<Database, Map<string, Client>>()

/**
 * The clients with these numbers. They never change, so each is read once; `sinceMs` tells from when on they were seen, for reading many at
 * once.
 */
export async function clientsOf(
  db: Database,
  numbers: readonly string[],
  sinceMs: number,
): Promise<ReadonlyMap<string, Client>> {
  const kept = keptBy.get(db) ?? new Map<string, Client>()
  keptBy.set(db, kept)
  const read = async (from: string, params: Record<string, unknown>) => {
    const found = await db.rows<{ number: string; retry: unknown }>(
      `SELECT toString(client) AS number, ${clientColumns} FROM ${from}`,
      params,
    )
    for (const { number, retry, ...rest } of found)
      kept.set(number, { ...(camelKeys(rest) as unknown as Client), ...(retry ? { retry: true } : {}) })
  }
  const missing = () => numbers.filter(number => !kept.has(number))
  if (missing().length > 0 && kept.size + missing().length > mostKept) kept.clear()
  if (missing().length > few)
    await read('clients WHERE last_seen >= fromUnixTimestamp64Milli({sinceMs:Int64})', {
      sinceMs: Math.max(0, sinceMs),
    })
  // The roll-up comes first, the list of clients a moment later: what it does not have yet, the roll-up has.
  for (const from of ['clients', 'usage'])
    for (let rest = missing(); rest.length > 0; rest = rest.slice(few))
      await read(
        `${from} WHERE client IN (${rest.slice(0, few).map(quote).join(', ')}) LIMIT 1 BY client`,
        {},
      )
  return kept
}

/** So many are asked for by number. */
const few = 1000

export interface AccountSeen {
  account: string
  service: string
  firstSeenMs: number
  lastSeenMs: number
}

/** Every account that was ever seen, the most recently seen first; empty is the traffic that belongs to none. */
export async function accounts(db: Database): Promise<AccountSeen[]> {
  const found = await db.rows<Record<string, unknown>>(
    `SELECT account, any(service) AS service_, toUnixTimestamp64Milli(min(first_seen)) AS first_seen_ms,
       toUnixTimestamp64Milli(max(last_seen)) AS last_seen_ms
     FROM clients GROUP BY account ORDER BY last_seen_ms DESC, account`,
  )
  return found.map(row => ({
    account: String(row.account),
    service: String(row.service_),
    firstSeenMs: Number(row.first_seen_ms),
    lastSeenMs: Number(row.last_seen_ms),
  }))
}

import type { UsageRow } from '../model/usage.ts'
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
> & { retry: boolean }

const clientColumns =
  'service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, user_agent'

/** So many clients are kept in memory at most, some 0.5 KiB each; with more of them, those asked for last. */
const mostKept = 200_000

const keptBy = new WeakMap<Database, Map<string, Client>>()

/** Whether anything was ever seen of an account. */
export async function isAccountSeen(db: Database, account: string): Promise<boolean> {
  const found = await db.rows('SELECT 1 FROM clients WHERE account = {account:String} LIMIT 1', { account })
  return found.length > 0
}

/** A number of 128 bits in 16 characters: its bytes as they come in RowBinary. */
export function clientNumber(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + 16)
}

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
    const found = await db.rows<Record<string, unknown>>(
      `SELECT hex(reinterpretAsFixedString(client)) AS number, ${clientColumns} FROM ${from}`,
      params,
    )
    for (const record of found)
      kept.set(clientNumber(Buffer.from(String(record.number), 'hex'), 0), clientOf(record))
  }
  const missing = () => numbers.filter(number => !kept.has(number))
  if (missing().length > 0 && kept.size + missing().length > mostKept) kept.clear()
  if (missing().length > few)
    await read('clients WHERE last_seen >= fromUnixTimestamp64Milli({sinceMs:Int64}) LIMIT 1 BY client', {
      sinceMs: Math.max(0, sinceMs),
    })
  // The roll-up comes first, the list of clients a moment later: what it does not have yet, the roll-up has.
  for (const from of ['clients', 'usage'])
    for (let rest = missing(); rest.length > 0; rest = rest.slice(few))
      await read(
        `${from} WHERE client IN (${rest.slice(0, few).map(literal).join(', ')}) LIMIT 1 BY client`,
        {},
      )
  return kept
}

function literal(number: string): string {
  return `reinterpretAsUInt128(unhex('${Buffer.from(number, 'latin1').toString('hex')}'))`
}

/** Written out field by field: objects made from entries are several times slower to read, and there are many. */
function clientOf(record: Record<string, unknown>): Client {
  return {
    service: record.service as string,
    account: record.account as string,
    source: record.source as string,
    attributedBy: record.attributed_by as Client['attributedBy'],
    confidence: record.confidence as Client['confidence'],
    shape: record.shape as string,
    offeredMax: record.offered_max as number,
    negotiated: record.negotiated as number,
    suite: record.suite as number,
    outcome: record.outcome as Client['outcome'],
    reason: record.reason as Client['reason'],
    userAgent: record.user_agent as string,
    retry: Boolean(record.retry),
  }
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

import { createHash } from 'node:crypto'
import type { Store } from './store.ts'

/** One entry of the audit log. Each holds the hash of the one before it, so that a changed or missing entry shows. */
export interface AuditEntry {
  seq: number
  atMs: number
  /** Who did it: a person's log-in, or `tlsunset` for what the program does by itself. */
  actor: string
  /** `policy-changed`, `exemption-added`, `notice-sent`, `brownout-started` … */
  action: string
  /** What it was done to: an account, an edge, a file. */
  subject: string
  detail: Record<string, unknown>
  previous: string
  hash: string
}

/** Adds an entry at the end of the chain, and answers with it. */
export async function appendAudit(
  store: Store,
  entry: Pick<AuditEntry, 'atMs' | 'actor' | 'action' | 'subject' | 'detail'>,
): Promise<AuditEntry> {
  return store.exclusively(async () => {
    const [last] = await store.db.rows<{ seq: number; hash: string }>(
      'SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1',
    )
    const whole = { ...entry, seq: Number(last?.seq ?? 0) + 1, previous: last?.hash ?? '' }
    const hash = auditHash(whole)
    const { atMs, detail, ...rest } = whole
    await store.db.insert('audit', [
      {
        ...rest,
        at: new Date(atMs).toISOString().replace('T', ' ').replace('Z', ''),
        detail: JSON.stringify(detail),
        hash,
      },
    ])
    return { ...whole, hash }
  })
}

export interface AuditQuery {
  fromMs?: number
  toMs?: number
  /** Entries about this account, edge or file. */
  subject?: string
  action?: string
}

/** Entries in their order. */
export async function auditEntries(store: Store, query: AuditQuery = {}): Promise<AuditEntry[]> {
  const found = await store.db.rows<Record<string, unknown>>(
    `SELECT seq, toUnixTimestamp64Milli(at) AS at_ms, actor, action, subject, detail, previous, hash FROM audit
     WHERE at >= fromUnixTimestamp64Milli({fromMs:Int64}) AND at < fromUnixTimestamp64Milli({toMs:Int64})
       AND (subject = {subject:String} OR {subject:String} = '') AND (action = {action:String} OR {action:String} = '')
     ORDER BY seq`,
    {
      fromMs: query.fromMs ?? 0,
      toMs: query.toMs ?? 4_102_444_800_000,
      subject: query.subject ?? '',
      action: query.action ?? '',
    },
  )
  return found.map(row => ({
    seq: Number(row.seq),
    atMs: Number(row.at_ms),
    actor: String(row.actor),
    action: String(row.action),
    subject: String(row.subject),
    detail: JSON.parse(String(row.detail)) as Record<string, unknown>,
    previous: String(row.previous),
    hash: String(row.hash),
  }))
}

/** The first place at which a whole chain does not hold, or null. Pure: whoever has the entries can check them. */
export function brokenLink(entries: readonly AuditEntry[]): { seq: number; because: string } | null {
  let previous = ''
  for (const [index, entry] of entries.entries()) {
    if (entry.seq !== index + 1) return { seq: entry.seq, because: `entry ${index + 1} is missing` }
    if (entry.previous !== previous)
      return { seq: entry.seq, because: 'does not follow from the entry before it' }
    if (entry.hash !== auditHash(entry))
      return { seq: entry.seq, because: 'was changed after it was written' }
    previous = entry.hash
  }
  return null
}

/** SHA-256 over the fields as JSON in fixed order; `detail` as the text that is stored. */
function auditHash(entry: Omit<AuditEntry, 'hash'>): string {
  const { seq, atMs, actor, action, subject, detail, previous } = entry
  return createHash('sha256')
    .update(JSON.stringify([seq, atMs, actor, action, subject, JSON.stringify(detail), previous]))
    .digest('hex')
}

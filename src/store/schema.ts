import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Fault } from '../base/fault.ts'
import type { Database } from './database.ts'

export interface Migration {
  version: number
  name: string
  statements: string[]
  /** Of the file, so that an edited migration is noticed. */
  hash: string
}

const folder = new URL('./schema/', import.meta.url)

/** The migrations that come with this program, in order. */
export function migrations(): Migration[] {
  return readdirSync(folder)
    .filter(file => /^\d{3}-.*\.sql$/.test(file))
    .sort()
    .map(file => {
      const text = readFileSync(new URL(file, folder), 'utf8').replaceAll('\r\n', '\n')
      return {
        version: Number(file.slice(0, 3)),
        name: file.slice(4, -4),
        statements: statementsOf(text),
        hash: createHash('sha256').update(text).digest('hex').slice(0, 16),
      }
    })
}

/** Statements of a file, each with the comment that explains it; a statement ends with `;` at the end of a line. */
function statementsOf(text: string): string[] {
  return text
    .split(/;\s*(?:\n|$)/)
    .map(statement => statement.trim())
    .filter(statement => statement !== '')
}

export interface SchemaPlan {
  /** Version in the database; 0 when there is none yet. */
  current: number
  wanted: number
  pending: Migration[]
}

export const versionTable = `CREATE TABLE IF NOT EXISTS schema_version (
  version UInt32,
  name String,
  hash String,
  at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(at)
ORDER BY version`

/** What `applySchema` would do. Changes nothing. */
export async function planSchema(db: Database): Promise<SchemaPlan> {
  const known = migrations()
  const [found] = await db.rows<{ found: number }>(
    "SELECT toUInt32(count()) AS found FROM system.tables WHERE database = currentDatabase() AND name = 'schema_version'",
  )
  const applied = found!.found
    ? await db.rows<{ version: number }>('SELECT DISTINCT version FROM schema_version')
    : []
  const done = new Set(applied.map(row => row.version))
  return {
    current: Math.max(0, ...done),
    wanted: known.at(-1)!.version,
    pending: known.filter(migration => !done.has(migration.version)),
  }
}

/** The cluster over which the tables are spread (`clusterSchema`); null when they are plain ones. */
export async function clusterOf(db: Database): Promise<string | null> {
  const [found] = await db.rows<{ engine_: string }>(
    "SELECT engine_full AS engine_ FROM system.tables WHERE database = currentDatabase() AND name = 'observations' AND engine = 'Distributed'",
  )
  return /^Distributed\('?([\w.-]+)/.exec(found?.engine_ ?? '')?.[1] ?? null
}

/** What a process that was killed while it made a table again left of the new one. A server clears up after itself. */
async function dropHalfMade(db: Database): Promise<void> {
  if (db.kind !== 'embedded') return
  const left = await db.rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, '_tmp_replace_')",
  )
  for (const { name } of left) await db.run(`DROP TABLE IF EXISTS ${name} SYNC`)
}

/**
 * Brings the database to the schema of this program. Every statement can be run again, so that an interrupted run is repaired by the next.
 * Throws an environment Fault when the tables are spread over a cluster and old: that takes other statements.
 */
export async function applySchema(db: Database): Promise<SchemaPlan> {
  const plan = await planSchema(db)
  const cluster = plan.pending.length > 0 ? await clusterOf(db) : null
  if (cluster !== null)
    throw new Fault(
      'environment',
      'schema-of-cluster',
      `the tables at ${db.where} are spread over the cluster ${cluster} and have version ${plan.current} of ${plan.wanted}`,
      { hint: `tlsunset store apply --cluster ${cluster} --store URL` },
    )
  if (plan.pending.length > 0) {
    await dropHalfMade(db)
    await db.run(versionTable)
  }
  for (const migration of plan.pending) {
    for (const statement of migration.statements) await db.run(statement)
    await db.run(
      'INSERT INTO schema_version SELECT {version:UInt32}, {name:String}, {hash:String}, now64(3)',
      migration as unknown as Record<string, unknown>,
    )
  }
  return plan
}

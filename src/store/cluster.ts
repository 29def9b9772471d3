import { Fault } from '../base/fault.ts'
import type { Database } from './database.ts'
import { type Migration, migrations, planSchema, type SchemaPlan, versionTable } from './schema.ts'

/**
 * The schema for a cluster: each table becomes a replicated one, named `…_local`, and a Distributed one over it under the plain name, sharded
 * by account where there is one, so that questions about an account stay on one shard. Every statement can be run again.
 * Throws when a migration says something of which this file does not know what it means on a cluster.
 */
export function clusterStatements(cluster: string, all: readonly Migration[] = migrations()): string[] {
  return [
    ...onCluster(versionTable, cluster),
    ...all.flatMap(({ version, name, hash, statements }) => [
      ...statements.flatMap(statement => onCluster(statement, cluster)),
      `INSERT INTO schema_version SELECT ${version}, '${name}', '${hash}', now64(3)`,
    ]),
  ]
}

/** A name of a cluster as it may stand in statements. Throws a usage Fault. */
export function clusterName(text: string): string {
  if (!/^[\w.-]+$/.test(text)) throw new Fault('usage', 'cluster-name', `not a name of a cluster: ${text}`)
  return text
}

/** Brings the cluster to the schema of this program: runs what it has not run yet. */
export async function applyToCluster(db: Database, cluster: string): Promise<SchemaPlan> {
  const plan = await planSchema(db)
  if (plan.pending.length > 0)
    for (const statement of clusterStatements(cluster, plan.pending)) await db.run(statement)
  return plan
}

/** The same as one file, to be read first and run by whoever owns the cluster. */
export function clusterSchema(cluster: string): string {
  return [
    `-- Schema for the cluster ${cluster}. Run it on any node, or let \`tlsunset store apply --cluster ${cluster}\` run it; the macros {shard} and`,
    '-- {replica} must be set on every node, and it needs Keeper or ZooKeeper. Every statement can be run again.',
    '-- Tables named _local hold the rows, replicated within a shard; the plain names spread over the shards. Rows of one account are all on one',
    '-- shard, with their roll-up. What is asked and inserted are the plain names: nothing else in the program knows of the cluster, except that',
    '-- taking back a batch after a crash deletes from the _local tables.',
    ...clusterStatements(cluster).map(statement => `\n${statement};`),
    '',
  ].join('\n')
}

/** Where rows go; tables without an account go by what makes their rows one. */
const shardedBy: Readonly<Record<string, string>> = {
  observations: 'cityHash64(account)',
  usage: 'cityHash64(account)',
  intake: 'cityHash64(account)',
  clients: 'cityHash64(account)',
  source_days: 'cityHash64(source)',
  skips: 'cityHash64(batch)',
  hellos: 'cityHash64(shape)',
  batches: 'cityHash64(batch)',
  // One chain, one writer: all of it on one shard.
  audit: '1',
  schema_version: '1',
}

const known =
  /^(CREATE TABLE IF NOT EXISTS|CREATE OR REPLACE TABLE|CREATE MATERIALIZED VIEW IF NOT EXISTS|ALTER TABLE|TRUNCATE TABLE|DROP VIEW IF EXISTS|INSERT INTO) (\w+)/

function onCluster(statement: string, cluster: string): string[] {
  const on = `ON CLUSTER '${cluster}'`
  const [, comment = '', rest = ''] = /^((?:--[^\n]*\n)*)([\s\S]*)$/.exec(statement) ?? []
  const [start = '', kind = '', name = ''] = known.exec(rest) ?? []
  const tail = rest.slice(start.length)
  switch (kind) {
    case 'CREATE TABLE IF NOT EXISTS': {
      const key = shardedBy[name]
      if (key === undefined) throw new Error(`nobody has said how ${name} is spread over a cluster`)
      const local = tail.replace(
        /ENGINE = (\w*)MergeTree(?:\(([^)]*)\))?/,
        (_, merges: string, by?: string) =>
          `ENGINE = Replicated${merges}MergeTree('/clickhouse/tables/{database}/{shard}/${name}', '{replica}'${by ? `, ${by}` : ''})`,
      )
      return [
        `${comment}${kind} ${name}_local ${on}${local}`,
        `${kind} ${name} ${on} AS ${name}_local\nENGINE = Distributed('${cluster}', currentDatabase(), ${name}_local, ${key})`,
      ]
    }
    case 'CREATE OR REPLACE TABLE':
      // Replicas cannot make a table again in one step, and what is in it stays the same: a shard keeps the one that it has.
      return []
    case 'CREATE MATERIALIZED VIEW IF NOT EXISTS': {
      // A view runs where its rows arrive, and writes there.
      const local = tail
        .replace(/^ TO (\w+)/, ` ${on} TO $1_local`)
        .replace(/\bFROM (\w+)\b/g, (from, table: string) =>
          table in shardedBy ? `FROM ${table}_local` : from,
        )
      return [`${comment}${start}${local}`]
    }
    case 'ALTER TABLE': {
      const local = `${comment}${kind} ${name}_local ${on}${tail}`
      if (!/^ (ADD|DROP|MODIFY|RENAME) COLUMN/.test(tail)) return [local]
      return [local, `${kind} ${name} ${on}${tail.replace(/ CODEC\(\w+\)/, '')}`]
    }
    case 'TRUNCATE TABLE':
      return [`${comment}${kind} ${name}_local ${on}${tail}`]
    case 'DROP VIEW IF EXISTS':
      return [`${comment}${start} ${on}${tail}`]
    case 'INSERT INTO':
      return [comment + rest]
    default:
      throw new Error(`what this means on a cluster nobody has said: ${rest.slice(0, 60)}`)
  }
}

import { migrations } from './schema.ts'

/**
 * The schema for a cluster, as SQL to be read and run by whoever owns the cluster: each table becomes a replicated one, named `…_local`, and a
 * Distributed one over it under the plain name, sharded by account where there is one, so that questions about an account stay on one shard.
 */
export function clusterSchema(cluster: string): string {
  if (!/^[\w.-]+$/.test(cluster)) throw new Error(`not a name of a cluster: ${cluster}`)
  const parts = [
    `-- Schema for the cluster ${cluster}. Run it once, on any node; the macros {shard} and {replica} must be set on every node.`,
    '-- Every statement can be run again. Tables named _local hold the data; the others spread over them.',
  ]
  for (const { name, statements } of migrations()) {
    parts.push(`\n-- ${name}`)
    for (const statement of statements) parts.push(onCluster(statement, cluster))
  }
  return `${parts.join('\n')}\n`
}

/** Where rows go; tables without an account go by what makes their rows one. */
const shardedBy: Readonly<Record<string, string>> = {
  observations: 'cityHash64(account)',
  usage: 'cityHash64(account)',
  intake: 'cityHash64(account)',
  skips: 'cityHash64(batch)',
  hellos: 'cityHash64(shape)',
  batches: 'cityHash64(batch)',
  // One chain, one writer: all of it on one shard.
  audit: '1',
}

function onCluster(statement: string, cluster: string): string {
  const on = `ON CLUSTER '${cluster}'`
  const table = /CREATE TABLE IF NOT EXISTS (\w+) \(/.exec(statement)?.[1]
  if (table) {
    const local = statement
      .replace(`CREATE TABLE IF NOT EXISTS ${table} (`, `CREATE TABLE IF NOT EXISTS ${table}_local ${on} (`)
      .replace(
        /ENGINE = (\w*)MergeTree/,
        (_, kind: string) =>
          `ENGINE = Replicated${kind}MergeTree('/clickhouse/tables/{database}/{shard}/${table}', '{replica}')`,
      )
    return `${local};\n\nCREATE TABLE IF NOT EXISTS ${table} ${on} AS ${table}_local\nENGINE = Distributed('${cluster}', currentDatabase(), ${table}_local, ${shardedBy[table] ?? 'rand()'});\n`
  }
  const view = /CREATE MATERIALIZED VIEW IF NOT EXISTS (\w+) TO (\w+) AS/.exec(statement)
  if (!view) return `${statement};\n`
  // A view runs where its rows arrive, and writes there.
  return `${statement
    .replace(`${view[1]} TO ${view[2]} AS`, `${view[1]} ${on} TO ${view[2]}_local AS`)
    .replace(/FROM (intake|observations)\b/g, 'FROM $1_local')};\n`
}

import { exitCodes, Fault } from '../../base/fault.ts'
import type { Command } from '../command.ts'
import { storeFlag } from '../store-flag.ts'

export const command: Command = {
  name: 'store apply',
  summary: 'Brings the store to the schema of this program; may be run again',
  flags: [
    storeFlag,
    {
      name: 'cluster',
      value: 'name',
      help: 'replicated tables on every node of that ClickHouse cluster, and distributed ones over them',
    },
    { name: 'json', help: 'one JSON document' },
  ],
  examples: [
    { run: 'tlsunset store apply --store http://tlsunset@db:8123/tlsunset', does: 'creates what is missing' },
    {
      run: 'tlsunset store apply --cluster main --store http://tlsunset@db:8123/tlsunset',
      does: 'what `store plan --cluster main` shows',
    },
  ],
  async run({ flags, io }) {
    const { parseLocation, locationText } = await import('../../store/location.ts')
    const { openDatabase } = await import('../../store/database.ts')
    const { applySchema } = await import('../../store/schema.ts')
    const { applyToCluster, clusterName } = await import('../../store/cluster.ts')
    const location = parseLocation(flags.store as string | undefined, io)
    const cluster = typeof flags.cluster === 'string' ? clusterName(flags.cluster) : null
    if (cluster !== null && location.kind !== 'server')
      throw new Fault('usage', 'cluster-store', '--cluster wants the URL of a node of the cluster', {
        hint: `tlsunset store apply --cluster ${cluster} --store http://user:password@host:8123/database`,
      })
    const db = await openDatabase(location)
    try {
      const { pending, wanted } = cluster === null ? await applySchema(db) : await applyToCluster(db, cluster)
      const applied = pending.map(({ version, name }) => `${version} ${name}`)
      const where = locationText(location)
      if (flags.json)
        io.stdout.write(`${JSON.stringify({ store: where, version: wanted, applied }, null, 2)}\n`)
      else
        io.stdout.write(
          `${where} has version ${wanted}${applied.length > 0 ? `; applied ${applied.join(', ')}` : ''}\n`,
        )
      return exitCodes.ok
    } finally {
      await db.close()
    }
  },
}

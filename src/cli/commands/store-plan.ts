import { exitCodes } from '../../base/fault.ts'
import type { Command } from '../command.ts'
import { storeFlag } from '../store-flag.ts'

export const command: Command = {
  name: 'store plan',
  summary: 'Shows the statements that would bring the store to the schema of this program',
  flags: [
    storeFlag,
    {
      name: 'cluster',
      value: 'name',
      help: 'writes the schema for a ClickHouse cluster of that name instead; asks no server',
    },
    { name: 'json', help: 'one JSON document' },
  ],
  examples: [
    {
      run: 'tlsunset store plan --store http://tlsunset@db:8123/tlsunset',
      does: 'what `store apply` would run',
    },
    {
      run: 'tlsunset store plan --cluster main > schema.sql',
      does: 'replicated and distributed tables, to be run by hand',
    },
  ],
  async run({ flags, io }) {
    if (typeof flags.cluster === 'string') {
      const { clusterName, clusterSchema } = await import('../../store/cluster.ts')
      io.stdout.write(clusterSchema(clusterName(flags.cluster)))
      return exitCodes.ok
    }
    const { parseLocation, locationText } = await import('../../store/location.ts')
    const { openDatabase } = await import('../../store/database.ts')
    const { planSchema } = await import('../../store/schema.ts')
    const location = parseLocation(flags.store as string | undefined, io)
    const db = await openDatabase(location)
    try {
      const plan = await planSchema(db)
      if (flags.json)
        io.stdout.write(`${JSON.stringify({ store: locationText(location), ...plan }, null, 2)}\n`)
      else if (plan.pending.length === 0)
        io.stdout.write(`${locationText(location)} has version ${plan.current}: nothing to do\n`)
      else
        for (const { version, name, statements } of plan.pending)
          io.stdout.write(
            `-- ${version} ${name}\n${statements.map(statement => `${statement};\n\n`).join('')}`,
          )
      return exitCodes.ok
    } finally {
      await db.close()
    }
  },
}

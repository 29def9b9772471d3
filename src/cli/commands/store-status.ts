import { exitCodes } from '../../base/fault.ts'
import { countText, plural } from '../../base/text.ts'
import { utcMinute } from '../../base/time.ts'
import type { Command } from '../command.ts'
import { storeFlag } from '../store-flag.ts'

export const command: Command = {
  name: 'store status',
  summary:
    'How much the store holds, what each source delivered and when it was silent, and how far the store lags behind the spool',
  description:
    'The gaps are those of the usual window: hours without anything from a source that is otherwise seen at such hours.\n' +
    'Exit code 0: all sources deliver; 6: nothing was seen, or a source has gone silent.',
  flags: [
    storeFlag,
    { name: 'spool', value: 'dir', help: 'the spool whose lag is told' },
    { name: 'json', help: 'one JSON document' },
  ],
  examples: [
    { run: 'tlsunset store status --store ./store', does: 'size, rows, oldest and newest observation' },
  ],
  async run({ flags, io }) {
    const { parseLocation, locationText } = await import('../../store/location.ts')
    const { openDatabase } = await import('../../store/database.ts')
    const { storeStatus } = await import('../../store/status.ts')
    const { coverage } = await import('../../store/coverage.ts')
    const { usualWindow } = await import('../../model/usual-window.ts')
    const { coverageDocument, coverageFacts } = await import('../report/foundations.ts')
    const { spoolLag } = await import('../../store/collect.ts')
    const location = parseLocation(flags.store as string | undefined, io)
    const db = await openDatabase(location)
    try {
      const status = await storeStatus(db)
      const covered = status.connections > 0 ? await coverage(db, usualWindow(io.now())) : []
      const isGood = status.connections > 0 && covered.length > 0 && !covered.some(source => source.isSilent)
      const lag = typeof flags.spool === 'string' ? spoolLag(flags.spool) : null
      const where = locationText(location)
      if (flags.json) {
        io.stdout.write(
          `${JSON.stringify({ store: where, ...status, sources: coverageDocument(covered), spool: lag }, null, 2)}\n`,
        )
        return isGood ? exitCodes.ok : exitCodes.undecided
      }
      const sizeBytes = status.tables.reduce((sum, table) => sum + table.sizeBytes, 0)
      const lines = [
        `${where}, schema ${status.version}${status.version < status.wanted ? ` (this program wants ${status.wanted}: tlsunset store apply)` : ''}`,
        status.connections === 0
          ? 'holds no observations'
          : `${plural(status.connections, 'connection')} from ${utcMinute(status.oldestMs)} to ${utcMinute(status.newestMs)}`,
        `${countText(Math.ceil(sizeBytes / 1024))} KiB in ${plural(status.tables.length, 'table')}; ${plural(status.batches, 'batch', 'batches')} taken in${status.inDoubt > 0 ? `, ${status.inDoubt} in doubt` : ''}`,
        ...coverageFacts(covered).map(([label, text]) => `${label}: ${text}`),
        ...status.tables.map(
          ({ table, rows, sizeBytes: size }) =>
            `  ${table}: ${plural(rows, 'row')}, ${countText(Math.ceil(size / 1024))} KiB, ${(size / rows).toFixed(1)} bytes each`,
        ),
        ...(lag ? [`the spool holds ${plural(lag.segments, 'segment')}, ${countText(lag.bytes)} bytes`] : []),
      ]
      io.stdout.write(`${lines.join('\n')}\n`)
      return isGood ? exitCodes.ok : exitCodes.undecided
    } finally {
      await db.close()
    }
  },
}

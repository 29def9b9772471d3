import { durationText } from '../../base/duration.ts'
import { exitCodes } from '../../base/fault.ts'
import { countText, plural } from '../../base/text.ts'
import { utcMinute } from '../../base/time.ts'
import type { StatusAnswer } from '../../server/status-route.ts'
import type { Location } from '../../store/location.ts'
import type { Command, Io } from '../command.ts'
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
    { name: 'spool', value: 'dir', help: 'the spool whose lag is told, when it is not that of the store' },
    { name: 'json', help: 'one JSON document' },
  ],
  examples: [
    { run: 'tlsunset store status --store ./store', does: 'size, rows, oldest and newest observation' },
  ],
  async run({ flags, io }) {
    const { locationText, parseLocation } = await import('../../store/location.ts')
    const { coverageDocument, coverageFacts } = await import('../report/foundations.ts')
    const location = parseLocation(flags.store as string | undefined, io)
    const { status, covered, spool } = await statusOf(location, flags.spool as string | undefined, io)
    const isGood = status.connections > 0 && covered.length > 0 && !covered.some(source => source.isSilent)
    const where = locationText(location)
    if (flags.json) {
      io.stdout.write(
        `${JSON.stringify({ store: where, ...status, sources: coverageDocument(covered), spool }, null, 2)}\n`,
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
      ...(spool ? [spoolText(spool, io.now())] : []),
    ]
    io.stdout.write(`${lines.join('\n')}\n`)
    return isGood ? exitCodes.ok : exitCodes.undecided
  },
}

/** From the server that holds the store, else by opening it. */
async function statusOf(location: Location, spoolDir: string | undefined, io: Io): Promise<StatusAnswer> {
  if (location.kind === 'directory') {
    const { askServer } = await import('../ask-server.ts')
    const answer = await askServer<StatusAnswer>(location.path, '/v1/store', io.signal)
    if (answer) return answer
  }
  const { openDatabase } = await import('../../store/database.ts')
  const { statusAnswer } = await import('../../server/status-route.ts')
  const { spoolDirOf } = await import('../../server/paths.ts')
  const db = await openDatabase(location)
  try {
    const spool = spoolDir ?? (location.kind === 'directory' ? spoolDirOf(location, io.env) : null)
    return await statusAnswer(db, spool, io.now())
  } finally {
    await db.close()
  }
}

function spoolText({ segments, bytes, oldestMs }: NonNullable<StatusAnswer['spool']>, nowMs: number): string {
  if (segments === 0) return 'nothing waits in the spool'
  return `${plural(segments, 'segment')} of ${countText(bytes)} bytes ${segments === 1 ? 'waits' : 'wait'} in the spool, the oldest for ${durationText(nowMs - oldestMs)}`
}

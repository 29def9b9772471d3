import { once } from 'node:events'
import { csvLine } from '../../base/csv.ts'
import { plural } from '../../base/text.ts'
import { utcDay } from '../../base/time.ts'
import { type AuditLine, auditColumns, auditLine } from '../../identify/audit-line.ts'
import { isInside } from '../../identify/judge.ts'
import { reader } from '../../identify/reading.ts'
import { type Sighting, type SightingPage, unattributed, type Window } from '../../model/api.ts'
import { junkReader } from '../../model/junk/set-apart.ts'
import { parseLocation } from '../../store/location.ts'
import { askServer } from '../ask-server.ts'
import type { FlagValues, Io } from '../command.ts'
import { prepareReport } from './prepare.ts'

const pageSize = 5000

/** Prints the connections of an account as they are read, page by page, and tells how many there were and how many break. */
export async function printAudit(
  account: string,
  flags: FlagValues,
  io: Io,
): Promise<{ seen: number; breaking: number }> {
  const { all: facts, gathered } = await prepareReport([], flags, io)
  const { apart } = gathered
  const junkRuleOf = junkReader(apart?.rules ?? [], apart?.crawlers ?? [])
  const read = reader({ ...facts, rows: facts.rows.filter(row => isInside(row, facts.window)) })
  const stackOf: Parameters<typeof auditLine>[2]['stackOf'] = row =>
    facts.stackOf(row, facts.shapes.get(row.shape))
  const name = account === unattributed ? '' : account
  let seen = 0
  let junk = 0
  let breaking = 0
  const write = async (text: string) => {
    if (!io.stdout.write(text)) await once(io.stdout, 'drain')
  }
  if (flags.csv) await write(csvLine(auditColumns))
  for await (const sighting of sightingsOf(name, facts.window, flags.store as string | undefined, io)) {
    const line = auditLine(name, sighting, { read, floor: facts.floor, stackOf, junkRuleOf })
    if (line.junk === null) seen += line.count
    else junk += line.count
    if (line.verdict === 'breaks') breaking += line.count
    if (flags.json) await write(`${JSON.stringify(line)}\n`)
    else if (flags.csv) await write(csvLine(auditColumns.map(column => line[column])))
    else await write(lineText(line))
  }
  if (junk > 0)
    io.stderr.write(
      `tlsunset: ${plural(junk, 'connection')} set apart as junk; --with-junk judges ${junk === 1 ? 'it' : 'them'} too\n`,
    )
  if (seen === 0)
    io.stderr.write(
      `tlsunset: nothing of ${account} was seen between ${utcDay(facts.window.fromMs)} and ${utcDay(facts.window.toMs)}\n`,
    )
  return { seen, breaking }
}

function lineText(line: AuditLine): string {
  const version = (line.negotiated ?? line.offered_max ?? 'no version').padEnd(10)
  const rest = [
    line.address,
    line.stack,
    line.operation,
    line.reason,
    line.remedy && `remedy: ${line.remedy_title ?? ''} (${line.remedy})`,
  ]
  return `${line.at}  ${version}  ${line.verdict.padEnd(6)}  ${rest.filter(Boolean).join('  ')}\n`
}

async function* sightingsOf(
  account: string,
  window: Window,
  where: string | undefined,
  io: Io,
): AsyncGenerator<Sighting> {
  const location = parseLocation(where, io)
  let page: (after: string | undefined) => Promise<SightingPage>
  let close = async () => {}
  const asked = async (after: string | undefined, limit: number) => {
    if (location.kind !== 'directory') return null
    const query = new URLSearchParams({
      account,
      from: new Date(window.fromMs).toISOString(),
      to: new Date(window.toMs).toISOString(),
      limit: String(limit),
      ...(after === undefined ? {} : { after }),
    })
    return askServer<SightingPage>(location.path, `/v1/sightings?${query}`, io.signal)
  }
  if (await asked(undefined, 1)) page = async after => (await asked(after, pageSize))!
  else {
    const { openStore } = await import('../../store/store.ts')
    const { sightings } = await import('../../store/sightings.ts')
    const store = await openStore(location)
    close = () => store.close()
    page = after =>
      sightings(store.db, { ...window, account, limit: pageSize, ...(after === undefined ? {} : { after }) })
  }
  try {
    let after: string | undefined
    do {
      const found = await page(after)
      yield* found.sightings
      after = found.next ?? undefined
    } while (after !== undefined)
  } finally {
    await close()
  }
}

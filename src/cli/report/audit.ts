import { once } from 'node:events'
import { dayMs, startOfDay, utcDay } from '../../base/time.ts'
import { type Reading, reader } from '../../identify/reading.ts'
import { remedyFor } from '../../identify/remedies/remedies.ts'
import type { Sighting, SightingPage, Window } from '../../model/api.ts'
import { suiteOf } from '../../model/iana/suites.ts'
import type { UsageRow } from '../../model/usage.ts'
import type { StackGuess } from '../../model/verdict.ts'
import { type Version, versionName } from '../../model/version.ts'
import { parseLocation } from '../../store/location.ts'
import { askServer } from '../ask-server.ts'
import type { FlagValues, Io } from '../command.ts'
import { prepareReport } from './prepare.ts'
import { surelyText } from './text.ts'

const pageSize = 5000

/** Prints the connections of an account as they are read, page by page, and tells how many there were and how many break. */
export async function printAudit(
  account: string,
  flags: FlagValues,
  io: Io,
): Promise<{ seen: number; breaking: number }> {
  const { facts } = await prepareReport([], flags, io)
  const read = reader(facts)
  let seen = 0
  let breaking = 0
  const write = async (text: string) => {
    if (!io.stdout.write(text)) await once(io.stdout, 'drain')
  }
  const csv = !flags.json && flags.format === 'csv'
  if (csv) await write(`${columns.join(',')}\n`)
  for await (const sighting of sightingsOf(account, facts.window, flags.store as string | undefined, io)) {
    const row = rowOf(account, sighting)
    const reading = read(row)
    const line = lineOf(sighting, reading, facts.stackOf(row, facts.shapes.get(row.shape)))
    seen += sighting.count
    if (reading.kind === 'breaks') breaking += sighting.count
    if (flags.json) await write(`${JSON.stringify(line)}\n`)
    else if (csv) await write(`${columns.map(column => csvCell(line[column])).join(',')}\n`)
    else
      await write(
        `${line.at}  ${(line.negotiated ?? line.offered_max ?? 'no version').padEnd(10)}  ${line.verdict.padEnd(6)}  ${[line.address, line.stack, line.operation, line.remedy && `remedy: ${line.remedy}`].filter(Boolean).join('  ')}\n`,
      )
  }
  if (seen === 0)
    io.stderr.write(
      `tlsunset: nothing of ${account} was seen between ${utcDay(facts.window.fromMs)} and ${utcDay(facts.window.toMs)}\n`,
    )
  return { seen, breaking }
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
      from: new Date(window.fromMs).toISOString(),
      to: new Date(window.toMs).toISOString(),
      limit: String(limit),
      ...(after === undefined ? {} : { after }),
    })
    const path = `/v1/accounts/${encodeURIComponent(account)}/audit?${query}`
    return askServer<SightingPage>(location.path, path, io.signal)
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

/** A connection as a row of the roll-up with a count of its own: it is judged like all others. */
function rowOf(account: string, sighting: Sighting): UsageRow {
  const { atMs, address, sni, count, ...rest } = sighting
  return {
    ...rest,
    account,
    attributedBy: '',
    confidence: 'none',
    dayMs: startOfDay(atMs),
    connections: count,
    firstSeenMs: atMs,
    lastSeenMs: Math.min(atMs, startOfDay(atMs) + dayMs - 1),
    addresses: address === '' ? 0 : 1,
    hours: [],
    snis: sni === '' ? [] : [sni],
  }
}

const columns = [
  'at',
  'address',
  'sni',
  'stack',
  'user_agent',
  'operation',
  'offered_max',
  'negotiated',
  'suite',
  'outcome',
  'verdict',
  'clause',
  'remedy',
  'count',
] as const

type Line = Record<(typeof columns)[number], string | number | null> & {
  at: string
  verdict: string
  offered_max: string | null
  negotiated: string | null
}

function lineOf(sighting: Sighting, reading: Reading, stack: StackGuess): Line {
  const clause = reading.kind === 'breaks' ? reading.clause : null
  return {
    at: new Date(sighting.atMs).toISOString(),
    address: sighting.address,
    sni: sighting.sni,
    stack: surelyText(stack),
    user_agent: sighting.userAgent,
    operation: sighting.operation,
    offered_max: nameOf(sighting.offeredMax),
    negotiated: nameOf(sighting.negotiated),
    suite: sighting.suite === 0 ? null : (suiteOf(sighting.suite)?.name ?? null),
    outcome: sighting.outcome,
    verdict: verdicts[reading.kind],
    clause,
    remedy: remedyFor(clause, stack),
    count: sighting.count,
  }
}

const verdicts: Record<Reading['kind'], string> = {
  breaks: 'breaks',
  passes: 'clear',
  unsure: 'unsure',
  apart: 'unseen',
}

function nameOf(version: Version): string | null {
  return version === 0 ? null : versionName(version)
}

/** RFC 4180; a cell that a spreadsheet would take for a formula is made text, since host names and user agents come from strangers. */
function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

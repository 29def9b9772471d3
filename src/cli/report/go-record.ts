import { existsSync } from 'node:fs'
import { plural } from '../../base/text.ts'
import { utcDay } from '../../base/time.ts'
import type { DecisionAnswer } from '../../model/api.ts'
import type { DecisionRecord, GoLedger, Slip } from '../../model/decision.ts'
import type { Policy } from '../../model/policy.ts'
import type { Standing } from '../../server/go-ledger.ts'
import { parseLocation } from '../../store/location.ts'
import { askServer } from '../ask-server.ts'
import type { FlagValues, Io } from '../command.ts'
import { textTable } from '../text-table.ts'
import { isoTime } from './document.ts'
import type { View } from './text.ts'

/**
 * What is on record of a retirement; with `standing`, after today's decision was put there. Through the server that holds the store, which decides
 * by its own retirement file, else in the store itself. Null when neither knows of a retirement.
 */
export async function goRecord(
  flags: FlagValues,
  io: Io,
  policy: Policy | undefined,
  standing: Standing | null,
): Promise<(GoLedger & { isNew?: boolean }) | null> {
  const location = parseLocation(flags.store as string | undefined, io)
  if (location.kind === 'directory') {
    if (!existsSync(location.path)) return null
    const asked = <A>(body?: object) => askServer<A>(location.path, '/v1/decision', io.signal, body)
    const recorded = standing ? await asked<{ isNew: boolean }>({}) : null
    const answer = await asked<DecisionAnswer>()
    if (answer) return { ...answer, ...(recorded && { isNew: recorded.isNew }) }
  }
  if (!policy) return null
  const { openStore } = await import('../../store/store.ts')
  const { goLedger, recordDates, recordDecision } = await import('../../server/go-ledger.ts')
  const store = await openStore(location)
  try {
    if (!standing) return await goLedger(store, policy.retirement)
    await recordDates(store, policy, standing.forecast.nowMs, standing)
    const { isNew } = await recordDecision(store, standing, 'command line')
    return { ...(await goLedger(store, policy.retirement)), isNew }
  } finally {
    await store.close()
  }
}

/** As `forecast --json` prints it. */
export function recordDocument({ decisions, slips }: GoLedger) {
  return {
    decisions: decisions.map(entry => ({
      day: entry.day,
      at: isoTime(entry.atMs),
      go: entry.go,
      because: entry.because,
      window: { from: isoTime(entry.window.fromMs), to: isoTime(entry.window.toMs) },
      thresholds: {
        max_accounts_that_break: entry.thresholds.maxAccountsThatBreak,
        clean_cycles: entry.thresholds.cleanCycles,
      },
      numbers: numbersDocument(entry.numbers),
      remaining: entry.remaining,
      cutoff: isoTime(entry.cutoffMs),
      policy_hash: entry.policyHash,
    })),
    slips: slips.map(entry => ({
      at: isoTime(entry.atMs),
      from: entry.from && datesDocument(entry.from),
      to: datesDocument(entry.to),
      cutoff_moved_days: entry.cutoffMovedDays,
      numbers: entry.numbers && numbersDocument(entry.numbers),
      policy_hash: entry.policyHash,
    })),
  }
}

function numbersDocument({ wouldBreak, ...numbers }: DecisionRecord['numbers']) {
  return { ...numbers, would_break: wouldBreak }
}

function datesDocument({ cutoffMs, brownouts, ramp }: Slip['to']) {
  return {
    cutoff: isoTime(cutoffMs),
    brownouts: brownouts.map(({ fromMs, toMs }) => ({ from: isoTime(fromMs), to: isoTime(toMs) })),
    ramp: ramp.map(({ atMs, share }) => ({ at: isoTime(atMs), share })),
  }
}

/** Days and changes that are listed before the rest is counted. */
const listedAtMost = 7

export function recordLines({ decisions, slips }: GoLedger, { paint, width }: View): string[] {
  const days = decisions
    .slice(-listedAtMost)
    .reverse()
    .map(({ day, go, because, policyHash }) => [
      day,
      go === null ? 'undecided' : go ? 'go' : 'no go',
      policyHash,
      because,
    ])
  const moves = slips
    .filter(({ from }) => from !== null)
    .slice(-listedAtMost)
    .reverse()
    .map(slip => [utcDay(slip.atMs), slipText(slip)])
  const faintHead = (line: string, i: number) => (i === 0 ? paint.faint(line) : line)
  return [
    ...(days.length > 0
      ? textTable(
          [
            { title: 'on record' },
            { title: 'decision' },
            { title: 'policy' },
            { title: 'because', wraps: true },
          ],
          days,
          width,
        ).map(faintHead)
      : []),
    ...(moves.length > 0
      ? [
          '',
          ...textTable([{ title: 'dates moved' }, { title: 'how', wraps: true }], moves, width).map(
            faintHead,
          ),
        ]
      : []),
  ]
}

/** `cutoff from 2027-01-31 to 2027-03-31 (59 days later), 14 accounts left`. */
function slipText({ from, to, cutoffMovedDays, numbers }: Slip): string {
  const day = (atMs: number | null) => (atMs === null ? 'not set' : utcDay(atMs))
  const parts: string[] = []
  if (from && from.cutoffMs !== to.cutoffMs) {
    const days = Math.round(Math.abs(cutoffMovedDays ?? 0))
    const by =
      cutoffMovedDays === null ? '' : ` (${plural(days, 'day')} ${cutoffMovedDays > 0 ? 'later' : 'earlier'})`
    parts.push(`cutoff from ${day(from.cutoffMs)} to ${day(to.cutoffMs)}${by}`)
  }
  if (from && JSON.stringify(from.brownouts) !== JSON.stringify(to.brownouts))
    parts.push(`brownouts from ${from.brownouts.length} to ${to.brownouts.length}, or at other times`)
  if (from && JSON.stringify(from.ramp) !== JSON.stringify(to.ramp)) parts.push('the ramp')
  const left = numbers === null ? '' : `; ${plural(numbers.remaining, 'account')} left then`
  return `${parts.join(', ')}${left}`
}

import { type ExitCode, exitCodes, Fault } from '../../base/fault.ts'
import { utcMinute } from '../../base/time.ts'
import type { Policy } from '../../model/policy.ts'
import { parseInstant } from '../../model/retirement/instant.ts'
import { type Moment, schedule } from '../../model/schedule.ts'
import type { FlagValues, Io } from '../command.ts'
import { loadPolicy } from '../load-policy.ts'
import { widthOf } from '../paint.ts'
import { textTable } from '../text-table.ts'
import { calendarFile } from './ics.ts'

/** What happens when, as a table, as JSON, or as a calendar that other programs can subscribe to. Exit code 6 when nothing is planned. */
export function policyCalendar(path: string, flags: FlagValues, io: Io): ExitCode {
  if (flags.ics && flags.json)
    throw new Fault('usage', 'format', 'either --ics or --json', { hint: 'leave one of them out' })
  const policy = loadPolicy(path, io)
  const moments = schedule(policy).filter(within(flags))
  if (flags.ics) io.stdout.write(calendarFile(policy, moments, io.now()))
  else if (flags.json)
    io.stdout.write(
      `${JSON.stringify({ retirement: policy.retirement, moments: moments.map(outside) }, null, 2)}\n`,
    )
  else if (moments.length > 0) io.stdout.write(`${table(policy, moments, io).join('\n')}\n`)
  if (moments.length === 0) io.stderr.write('tlsunset: nothing is planned in that time\n')
  return moments.length > 0 ? exitCodes.ok : exitCodes.undecided
}

/** Moments that touch [from, to). */
function within(flags: FlagValues): (moment: Moment) => boolean {
  const read = (name: 'from' | 'to', absent: number) => {
    if (flags[name] === undefined) return absent
    const instant = parseInstant(String(flags[name]))
    if (instant.ok) return instant.atMs
    throw new Fault('usage', 'instant', `--${name}: ${instant.message}`, { hint: instant.hint })
  }
  const fromMs = read('from', Number.NEGATIVE_INFINITY)
  const toMs = read('to', Number.POSITIVE_INFINITY)
  if (toMs <= fromMs)
    throw new Fault('usage', 'instant', '--to is not after --from', { hint: 'put the earlier one in --from' })
  return moment => moment.fromMs < toMs && (moment.toMs ?? moment.fromMs + 1) > fromMs
}

function outside({ fromMs, toMs, ...rest }: Moment) {
  return {
    from: new Date(fromMs).toISOString(),
    to: toMs === null ? null : new Date(toMs).toISOString(),
    ...rest,
  }
}

function table(policy: Policy, moments: Moment[], io: Io): string[] {
  const rows = moments.map(moment => [
    utcMinute(moment.fromMs),
    moment.toMs === null ? '' : utcMinute(moment.toMs),
    moment.fromMs <= io.now() ? ((moment.toMs ?? 0) > io.now() ? 'now' : 'past') : '',
    `${moment.title}${moment.frozen ? ' (in a freeze: will not act)' : ''}${moment.kind === 'cutoff' ? `: ${policy.floor.next.title}` : ''}`,
  ])
  return textTable(
    [{ title: 'from' }, { title: 'to' }, { title: '' }, { title: 'what', wraps: true }],
    rows,
    widthOf(io),
  )
}

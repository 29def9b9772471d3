import type { Policy } from '../../model/policy.ts'
import type { Moment } from '../../model/schedule.ts'

/** iCalendar (RFC 5545). Ids depend on retirement, kind and start only, so that a calendar program updates what it already has. */
export function calendarFile(policy: Policy, moments: readonly Moment[], nowMs: number): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//tlsunset//retirement//EN',
    `X-WR-CALNAME:${escaped(policy.retirement)}`,
    ...moments.flatMap(moment => eventOf(policy, moment, nowMs)),
    'END:VCALENDAR',
  ]
  return lines.map(line => `${folded(line)}\r\n`).join('')
}

function eventOf(policy: Policy, moment: Moment, nowMs: number): string[] {
  const who = moment.account === undefined ? '' : `-${moment.account}`
  return [
    'BEGIN:VEVENT',
    `UID:${escaped(`${policy.retirement}-${moment.kind}${who}-${moment.fromMs}`)}@tlsunset`,
    `DTSTAMP:${stamp(nowMs)}`,
    `DTSTART:${stamp(moment.fromMs)}`,
    ...(moment.toMs === null ? [] : [`DTEND:${stamp(moment.toMs)}`]),
    `SUMMARY:${escaped(`${policy.retirement}: ${moment.title}`)}`,
    `DESCRIPTION:${escaped(`${policy.service.names.join(', ')}: from ${policy.floor.now.title} to ${policy.floor.next.title}`)}`,
    ...(moment.frozen ? ['STATUS:CANCELLED'] : []),
    'END:VEVENT',
  ]
}

/** `20230331T000000Z`. */
function stamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, '')
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')
}

/** Lines hold at most 75 octets; what follows begins with a blank (RFC 5545 section 3.1). */
function folded(line: string): string {
  const parts: string[] = []
  let part = ''
  let size = 0
  for (const char of line) {
    const octets = new TextEncoder().encode(char).length
    if (size + octets > 75) {
      parts.push(part)
      part = ' '
      size = 1
    }
    part += char
    size += octets
  }
  return [...parts, part].join('\r\n')
}

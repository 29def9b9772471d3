import { durationText } from '../base/duration.ts'
import { dayMs, hourMs } from '../base/time.ts'
import type { Rule } from '../model/policy.ts'
import type { StackGuess, VerdictKind } from '../model/verdict.ts'

/** `14:03:22` in UTC. */
export function clock(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 19)
}

const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `31 Mar`, with the year when it is not the one of `nowMs`. */
export function day(atMs: number, nowMs: number): string {
  const at = new Date(atMs)
  const text = `${at.getUTCDate()} ${monthNames[at.getUTCMonth()]}`
  return at.getUTCFullYear() === new Date(nowMs).getUTCFullYear() ? text : `${text} ${at.getUTCFullYear()}`
}

/** As exact as the distance asks for: `14:03:22`, `31 Mar 14:03`, `31 Mar`. */
export function moment(atMs: number, nowMs: number): string {
  const distance = Math.abs(atMs - nowMs)
  if (distance < 12 * hourMs) return clock(atMs)
  if (distance < 14 * dayMs) return `${day(atMs, nowMs)} ${clock(atMs).slice(0, 5)}`
  return day(atMs, nowMs)
}

/** `2 min 15 s ago`, `in 3 days`, `now`. */
export function relative(atMs: number, nowMs: number): string {
  const distance = atMs - nowMs
  if (Math.abs(distance) < 1500) return 'now'
  const short = durationText(Math.abs(distance)).split(' ').slice(0, 2).join(' ')
  return distance < 0 ? `${short} ago` : `in ${short}`
}

/** Keeps a number and its unit on one line. */
export function unbroken(text: string): string {
  return text.replace(/(\d) (%|days?|h|min|s)(?![a-z])/g, '$1\u00a0$2')
}

export const verdictNames: Record<VerdictKind, string> = {
  breaks: 'Breaks',
  unsure: 'Unsure',
  unseen: 'Unseen',
  clear: 'Clear',
}

export const verdictMeanings: Record<VerdictKind, string> = {
  breaks: 'seen with offers that fail the next floor',
  unsure: 'the sources saw too little to say',
  unseen: 'known, but not seen in the window',
  clear: 'seen, and every offer passes',
}

export const ruleNames: Record<Rule, string> = {
  'before-cutoff': 'before the cutoff',
  cutoff: 'the cutoff has passed',
  brownout: 'brownout',
  ramp: 'ramp',
  exemption: 'exemption',
  'no-sni': 'no server name',
  'other-sni': 'another server name',
}

/** `Java 6 or 7`, `looks like curl`. */
export function stackName(stack: StackGuess): string {
  return stack.strength === 'proves' || stack.id === 'unknown' ? stack.title : `looks like ${stack.title}`
}

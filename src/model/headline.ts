import { durationText } from '../base/duration.ts'
import { countText, percentText, plural } from '../base/text.ts'
import type { Summary } from './api.ts'

/** A piece of the first sentence; `tone` says how much it matters, never alone: the words say it too. */
export interface Phrase {
  text: string
  tone: 'plain' | 'strong' | 'breaks' | 'clear' | 'alarm'
}

type Facts = Pick<
  Summary,
  | 'nowMs'
  | 'cutoffMs'
  | 'totals'
  | 'exempt'
  | 'told'
  | 'unsure'
  | 'inForce'
  | 'refused'
  | 'alarms'
  | 'floor'
  | 'window'
>

/**
 * The first sentence of the console: how long is left, who would break, what is known about them. "31 days to go. 14 customers, 0.6 % of live
 * traffic, would break today; 9 told, 3 exempt." What is not known is said, never counted as zero.
 */
export function headline(facts: Facts): Phrase[] {
  return [...when(facts), ...who(facts)]
}

/** The sentence as plain text. */
export function headlineText(facts: Facts): string {
  return headline(facts)
    .map(phrase => phrase.text)
    .join('')
}

function when({ cutoffMs, nowMs, inForce, floor }: Facts): Phrase[] {
  const left = inForce.rule === 'brownout' && inForce.untilMs !== null ? inForce.untilMs - nowMs : null
  const brownout: Phrase[] =
    left === null ? [] : [strong('Brownout'), plain(`, ${durationText(left)} more. `)]
  if (cutoffMs === null) return [...brownout, plain('No cutoff is set yet. ')]
  if (nowMs >= cutoffMs)
    return [strong(`${floor.next} is the floor`), plain(` since ${durationText(nowMs - cutoffMs)}. `)]
  return [...brownout, strong(durationText(cutoffMs - nowMs)), plain(' to go. ')]
}

function who(facts: Facts): Phrase[] {
  const { totals, refused, inForce } = facts
  if (totals.connections === 0)
    return [
      { text: 'No data', tone: 'alarm' },
      plain(': nothing has been seen yet, so nobody can be called ready.'),
    ]
  if (inForce.floor === 'next' && refused.connections > 0)
    return [
      { text: customers(refused.accounts), tone: 'breaks' },
      plain(` ${refused.accounts === 1 ? 'has' : 'have'} been refused since, ${times(refused.connections)}`),
      ...known(facts),
    ]
  const breaking = totals.accountsThatBreak
  if (breaking === 0 && totals.wouldBreak > 0)
    return [
      { text: `${percentText(totals.wouldBreak / totals.connections)} of live traffic`, tone: 'breaks' },
      plain(', of no known customer, would break today'),
      ...known(facts),
    ]
  if (breaking === 0 && facts.unsure > 0) return [plain('Nobody seen would break today'), ...known(facts)]
  if (breaking === 0)
    return [
      { text: 'Nobody', tone: 'clear' },
      plain(` of ${customers(totals.accounts)} would break today`),
      ...known(facts),
    ]
  return [
    { text: customers(breaking), tone: 'breaks' },
    plain(', '),
    strong(`${percentText(totals.wouldBreak / totals.connections)} of live traffic`),
    plain(', would break today'),
    ...known(facts),
  ]
}

/** What is known of them: told, exempt, unsure. */
function known({ told, exempt, unsure, totals }: Facts): Phrase[] {
  const parts: string[] = []
  if (told !== null && totals.accountsThatBreak > 0) parts.push(`${told} told`)
  if (exempt > 0) parts.push(`${exempt} exempt`)
  if (unsure > 0) parts.push(`${unsure} unsure`)
  return [plain(parts.length > 0 ? `; ${parts.join(', ')}.` : '.')]
}

/** `14 customers`, `1 customer`. */
export function customers(count: number): string {
  return plural(count, 'customer')
}

function times(count: number): string {
  return count === 1 ? 'once' : `${countText(count)} times`
}

function plain(text: string): Phrase {
  return { text, tone: 'plain' }
}

function strong(text: string): Phrase {
  return { text, tone: 'strong' }
}

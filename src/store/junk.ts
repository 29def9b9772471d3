import { starsSource } from '../model/attribution/text-pattern.ts'
import type { JunkRule } from '../model/junk/rules.ts'
import type { Crawler } from '../model/junk/set-apart.ts'
import { quote } from './columns.ts'

/** `junkReader` of the model as a condition over the columns `source`, `account` and `user_agent`. */
export function junkCondition(rules: readonly JunkRule[], crawlers: readonly Crawler[]): string {
  const fits = (column: string, by: 'user-agent' | 'account') => {
    const patterns = rules.flatMap(rule => (rule.by === by ? rule.patterns : []))
    if (patterns.length === 0) return []
    const any = patterns.map(pattern => `(?:${starsSource(pattern)})`).join('|')
    return [`(${column} != '' AND match(lower(${column}), ${quote(`(?s)${any}`)}))`]
  }
  const pairs = crawlers.map(([source, agent]) => `(${quote(source)}, ${quote(agent)})`)
  const conditions = [
    ...fits('user_agent', 'user-agent'),
    ...fits('account', 'account'),
    ...(pairs.length > 0 ? [`(account = '' AND (source, user_agent) IN (${pairs.join(', ')}))`] : []),
  ]
  return conditions.length === 0 ? 'false' : `(${conditions.join(' OR ')})`
}

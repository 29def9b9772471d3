import { isInside } from '../../identify/judge.ts'
import { builtInJunk, type JunkRule } from '../../model/junk/rules.ts'
import { setApart } from '../../model/junk/set-apart.ts'
import type { UsageRow } from '../../model/usage.ts'
import type { Gathered } from './gather.ts'

/** What was gathered, with the junk set apart and counted: every number that is made of it is without. */
export function withoutJunk(gathered: Gathered, rules: readonly JunkRule[] = builtInJunk): Gathered {
  const { kept, junk, ruleOf, crawlers, isJunkAccount } = setApart(gathered.rows, rules, row =>
    isInside(row, gathered.window),
  )
  const keep = (rows: UsageRow[]) => rows.filter(row => ruleOf(row) === undefined)
  const { rowsAfter, rowsOf } = gathered
  return {
    ...gathered,
    rows: kept,
    junk,
    known: gathered.known.filter(({ account }) => !isJunkAccount(account)),
    apart: { rules, crawlers },
    ...(rowsAfter && { rowsAfter: async after => keep(await rowsAfter(after)) }),
    ...(rowsOf && { rowsOf: async account => keep(await rowsOf(account)) }),
  }
}

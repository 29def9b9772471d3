import { countText, listText, percentText, plural } from '../../base/text.ts'
import { utcMinute } from '../../base/time.ts'
import type { BreakingAccount, Difference, Outcome } from '../../identify/what-if.ts'
import { unattributed } from '../../model/api.ts'
import { faultsDocument } from '../faults.ts'
import { textTable, wrapText } from '../text-table.ts'
import { isoTime } from './document.ts'
import { coverageDocument, factLines, gapFacts, junkDocument, junkFact } from './foundations.ts'
import type { WhatIfBasis } from './gather.ts'
import type { View } from './text.ts'

/** What `what-if --json` prints. */
export function whatIfDocument(
  outcomes: readonly Outcome[],
  compared: Difference | null,
  gathered: WhatIfBasis,
) {
  return {
    accounts_by: gathered.accountsBy,
    faults: faultsDocument(gathered.faults),
    window: { from: isoTime(gathered.window.fromMs), to: isoTime(gathered.window.toMs) },
    shapes: gathered.shapes.size,
    skipped: gathered.skipped,
    junk: junkDocument(gathered.junk),
    coverage: coverageDocument(gathered.coverage),
    floors: outcomes.map(outcome => ({
      floor: outcome.floor,
      connections: outcome.connections,
      would_break: outcome.wouldBreak,
      share: outcome.connections === 0 ? null : outcome.wouldBreak / outcome.connections,
      by_hello: outcome.byHello,
      unsure: outcome.unsure,
      accounts: outcome.accounts,
      accounts_that_break: outcome.accountsThatBreak,
      clauses: outcome.clauses,
      stacks: outcome.stacks,
      breaking: outcome.breaking.map(breakingDocument),
    })),
    ...(compared && {
      diff: {
        from: compared.from,
        to: compared.to,
        both: compared.both,
        added: compared.added.map(breakingDocument),
        removed: compared.removed.map(breakingDocument),
      },
    }),
  }
}

function breakingDocument(account: BreakingAccount) {
  return {
    account: account.account,
    connections: account.connections,
    would_break: account.wouldBreak,
    clauses: account.clauses,
    last_breaking: isoTime(account.lastBreakingMs),
  }
}

export function whatIfText(
  outcomes: readonly Outcome[],
  compared: Difference | null,
  gathered: WhatIfBasis,
  view: View,
): string {
  const blocks = compared
    ? [differenceLines(compared, view)]
    : outcomes.map(outcome => outcomeLines(outcome, view))
  const total = outcomes[0]?.connections ?? 0
  blocks.push(
    wrapText(
      `${plural(total, 'connection')} of ${plural(gathered.shapes.size, 'distinct hello')}, accounts ${gathered.accountsBy}`,
      view.width,
    ).map(view.paint.faint),
    factLines([...junkFact(gathered.junk), ...gapFacts(gathered.coverage)], view),
  )
  return `${blocks
    .map(lines => lines.join('\n'))
    .filter(Boolean)
    .join('\n\n')}\n`
}

/** How many accounts are listed before the rest is counted. */
const listedAtMost = 20

function outcomeLines(outcome: Outcome, { paint, width }: View): string[] {
  if (outcome.connections === 0) return [`${outcome.floor}: nothing was seen`]
  const doubt = outcome.unsure > 0 ? `; of ${countText(outcome.unsure)} nothing certain can be said` : ''
  const lines = wrapText(
    outcome.wouldBreak === 0
      ? `${outcome.floor}: nobody would break${doubt}`
      : `${outcome.floor}: ${countText(outcome.accountsThatBreak)} of ${plural(outcome.accounts, 'account')} would break, ${countText(outcome.wouldBreak)} of ${plural(outcome.connections, 'connection')} (${percentText(outcome.wouldBreak / outcome.connections)})${doubt}`,
    width,
  ).map(paint.strong)
  if (outcome.wouldBreak === 0) return lines
  const clauses = outcome.clauses.map(
    ({ clause, connections, accounts }) =>
      `${clause} ${countText(connections)} (${plural(accounts, 'account')})`,
  )
  const byTitle = new Map<string, number>()
  for (const { title, connections } of outcome.stacks)
    byTitle.set(title, (byTitle.get(title) ?? 0) + connections)
  const stacks = [...byTitle]
    .sort((a, b) => b[1] - a[1])
    .map(([title, connections]) => `${title} ${countText(connections)}`)
  lines.push(
    ...labelled('by clause', listText(clauses), width),
    ...labelled('stacks', listText(stacks), width),
  )
  if (outcome.byHello < outcome.wouldBreak)
    lines.push(
      ...labelled(
        'rests on',
        `${countText(outcome.byHello)} by their hello, ${countText(outcome.wouldBreak - outcome.byHello)} inferred`,
        width,
      ),
    )
  lines.push(...accountLines(outcome.breaking, { paint, width }))
  return lines
}

function differenceLines(compared: Difference, view: View): string[] {
  const part = (title: string, accounts: readonly BreakingAccount[]) => [
    view.paint.strong(`${title}: ${plural(accounts.length, 'account')}`),
    ...(accounts.length > 0 ? accountLines(accounts, view) : []),
  ]
  return [
    ...part(`break under ${compared.to} and not under ${compared.from}`, compared.added),
    ...part(`break under ${compared.from} and not under ${compared.to}`, compared.removed),
    `break under both: ${plural(compared.both.length, 'account')}`,
  ]
}

function accountLines(accounts: readonly BreakingAccount[], { paint, width }: View): string[] {
  const rows = accounts
    .slice(0, listedAtMost)
    .map(({ account, wouldBreak, connections, clauses, lastBreakingMs }) => [
      account || unattributed,
      `${countText(wouldBreak)} of ${countText(connections)}`,
      clauses.join(', '),
      utcMinute(lastBreakingMs),
    ])
  const table = textTable(
    [{ title: 'account' }, { title: 'would break', align: 'right' }, { title: 'clause' }, { title: 'last' }],
    rows,
    width,
  ).map((line, i) => `  ${i === 0 ? paint.faint(line) : line}`)
  const more = accounts.length - rows.length
  return more > 0 ? [...table, `  and ${countText(more)} more; --json lists them`] : table
}

function labelled(label: string, text: string, width: number): string[] {
  return wrapText(text, width - 13).map((line, i) => `  ${(i === 0 ? label : '').padEnd(9)}  ${line}`)
}

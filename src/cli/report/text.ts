import { countText, listText, percentText, plural } from '../../base/text.ts'
import { utcDay, utcMinute } from '../../base/time.ts'
import { unattributed } from '../../model/api.ts'
import { gapText } from '../../model/coverage.ts'
import { type AccountVerdict, type Report, surelyText, type VerdictKind } from '../../model/verdict.ts'
import { versionName } from '../../model/version.ts'
import type { Paint } from '../paint.ts'
import { textTable, wrapText } from '../text-table.ts'
import { attributionFact, coverageFacts, type Fact, factLines, junkFact, silenceText } from './foundations.ts'
import type { ReportBasis } from './gather.ts'
import type { StackRow } from './stacks.ts'

export interface View {
  paint: Paint
  width: number
}

/** The report for people: first the sentence, then the table that was asked for, then what the numbers rest on. */
export function reportText(
  report: Report,
  gathered: ReportBasis,
  by: 'account' | 'stack' | 'version',
  byStack: readonly StackRow[] | null,
  view: View,
): string {
  const table =
    by === 'version'
      ? versionTable(report, view)
      : byStack
        ? stackTable(byStack, view)
        : accountTable(report.accounts, view)
  const blocks = [...headline(report, view), table, foundations(report, gathered, view)]
  return `${blocks
    .map(lines => lines.join('\n'))
    .filter(Boolean)
    .join('\n\n')}\n`
}

function headline(report: Report, { paint, width }: View): string[][] {
  return [wrapText(headlineText(report), width).map(line => paint.strong(line))]
}

/** Who would break, in one sentence; what could not be told is said, never counted as nobody. */
function headlineText(report: Report): string {
  const { totals, accounts } = report
  const floor = report.floor
  if (totals.observations === 0)
    return report.junk.length > 0
      ? 'Nothing was seen but junk, so nobody can be called ready.'
      : 'Nothing was seen, so nobody can be called ready.'
  const unsure = accounts.filter(entry => entry.account !== '' && entry.verdict === 'unsure').length
  const rest = unsure > 0 ? ` Of ${plural(unsure, 'account')} nothing certain can be said.` : ''
  if (totals.wouldBreak === 0) {
    const clear = accounts.some(entry => entry.verdict === 'clear')
    return `${clear ? 'Nobody seen' : 'Nobody who can be judged'} would break under ${floor}.${rest}${silenceText(report.coverage)}`
  }
  const traffic = `${countText(totals.wouldBreak)} of ${plural(totals.connections, 'connection')} (${percentText(totals.wouldBreak / totals.connections)})`
  const whom =
    totals.accountsThatBreak > 0
      ? `${countText(totals.accountsThatBreak)} of ${plural(totals.accounts, 'account')} would break under ${floor}: ${traffic}.`
      : `${traffic}, of no known account, would break under ${floor}.`
  return `${whom}${rest}`
}

const tones: Record<VerdictKind, keyof Paint> = {
  breaks: 'bad',
  unsure: 'doubt',
  clear: 'good',
  unseen: 'faint',
}

export function verdictTone(verdict: VerdictKind): keyof Paint {
  return tones[verdict]
}

/** How many accounts without a problem are listed by name. */
const namedAtMost = 12

function accountTable(accounts: readonly AccountVerdict[], { paint, width }: View): string[] {
  const shown = accounts.filter(entry => entry.verdict !== 'clear')
  const clear = accounts.filter(entry => entry.verdict === 'clear')
  const rows = shown.map(entry => [entry.verdict, entry.account || unattributed, whyText(entry)])
  const lines =
    rows.length === 0
      ? []
      : textTable(
          [{ title: 'verdict' }, { title: 'account' }, { title: 'why', wraps: true }],
          rows,
          width,
        ).map((line, i) => (i === 0 ? paint.faint(line) : paintVerdict(line, paint)))
  if (clear.length > 0) {
    const names = clear.slice(0, namedAtMost).map(entry => entry.account || unattributed)
    const more = clear.length > names.length ? [`${countText(clear.length - names.length)} more`] : []
    lines.push(
      ...(lines.length > 0 ? [''] : []),
      ...wrapText(`clear (${countText(clear.length)}): ${listText([...names, ...more])}`, width).map(
        paint.good,
      ),
    )
  }
  return lines
}

function whyText(entry: AccountVerdict): string {
  const [stack] = entry.stacks
  const others = entry.stacks.length > 1 ? ` and ${plural(entry.stacks.length - 1, 'other stack')}` : ''
  const by = stack && stack.title !== 'unknown' ? `; ${surelyText(stack)}${others}` : ''
  const exempt = entry.exemptUntilMs === null ? '' : `; exempt until ${utcMinute(entry.exemptUntilMs)}`
  return `${entry.because}${by}${exempt}`
}

function paintVerdict(line: string, paint: Paint): string {
  const word = /^[a-z]+/.exec(line)?.[0] ?? ''
  return word in tones ? paint[tones[word as VerdictKind]](word) + line.slice(word.length) : line
}

function versionTable(report: Report, { paint, width }: View): string[] {
  const rows = [...report.byVersion]
    .reverse()
    .map(entry => [
      versionName(entry.version),
      entry.offered > 0 ? countText(entry.offered) : '-',
      entry.negotiated > 0 ? countText(entry.negotiated) : '-',
    ])
  return textTable(
    [
      { title: 'version' },
      { title: 'offered at most', align: 'right' },
      { title: 'negotiated', align: 'right' },
    ],
    rows,
    width,
  ).map((line, i) => (i === 0 ? paint.faint(line) : line))
}

function stackTable(stacks: readonly StackRow[], { paint, width }: View): string[] {
  const rows = stacks.map(stack => [
    countText(stack.connections),
    stack.would_break > 0 ? countText(stack.would_break) : '-',
    countText(stack.accounts),
    stack.remedy ?? '-',
    stack.title,
  ])
  return textTable(
    [
      { title: 'connections', align: 'right' },
      { title: 'would break', align: 'right' },
      { title: 'accounts', align: 'right' },
      { title: 'remedy' },
      { title: 'client stack', wraps: true },
    ],
    rows,
    width,
  ).map((line, i) => (i === 0 ? paint.faint(line) : line))
}

/** What the numbers rest on: sources, window, how accounts came about, what was skipped and what nobody can see. */
function foundations(report: Report, gathered: ReportBasis, view: View): string[] {
  const facts: Fact[] = []
  const { totals, window } = report
  if (totals.observations > 0)
    facts.push([
      'seen',
      `${plural(totals.observations, 'observation')} from ${listText(gathered.sources.map(source => source.title))}, ${utcDay(window.fromMs)} to ${utcDay(window.toMs - 1)}; ${countText(totals.accepted)} accepted, ${countText(totals.refused)} refused, ${countText(totals.failed)} failed`,
    ])
  facts.push(...coverageFacts(report.coverage))
  facts.push(
    ['accounts', gathered.accountsBy],
    ...attributionFact(report.attribution),
    ...junkFact(report.junk),
  )
  for (const { message } of gathered.faults) facts.push(['missing', message])
  const skipped = Object.entries(totals.skipped)
  if (skipped.length > 0)
    facts.push(['skipped', listText(skipped.map(([why, count]) => `${countText(count)} ${why}`))])
  const blind = new Set([
    ...gathered.sources.flatMap(source => source.blind),
    ...report.accounts.flatMap(account => account.blind),
  ])
  const gaps = new Set(report.coverage.flatMap(each => each.gaps.map(gap => gapText(each.source, gap))))
  for (const spot of blind) if (!gaps.has(spot)) facts.push(['blind spot', spot])
  return factLines(facts, view)
}

import { type AuditLine, auditLine } from '../identify/audit-line.ts'
import { accountDetail, burnDown } from '../identify/clients.ts'
import { type Forecast, forecast, outlives } from '../identify/forecast.ts'
import { isInside, type Facts as JudgeFacts, judging, rowsInside } from '../identify/judge.ts'
import { isFallback, reader } from '../identify/reading.ts'
import { remedies } from '../identify/remedies/remedies.ts'
import { type Habit, type RowsAfter, rhythmText, stackTitles, withoutMended } from '../identify/rhythm.ts'
import type { stackNamer } from '../identify/stacks/name.ts'
import { type Outcome, whatIf } from '../identify/what-if.ts'
import type { AccountDetail, OperationSeen, Refusal, Remedy, Sighting, Window } from '../model/api.ts'
import type { SourceCoverage } from '../model/coverage.ts'
import type { JunkCount, SetApart } from '../model/junk/set-apart.ts'
import type { Floor, Policy } from '../model/policy.ts'
import type { HelloShape, UsageRow } from '../model/usage.ts'
import type { BurnDownPoint, ClientSeen, Report } from '../model/verdict.ts'
import { type Checks, checkKeeper } from './checks.ts'
import { stepwise } from './slices.ts'

/** Rows of the roll-up with the hellos they name, and what is known besides. */
export interface Evidence {
  /** Of the window and of some weeks before it, in which an account shows its rhythm. */
  rows: readonly UsageRow[]
  /** Where the rows are folded: those from after a day, and those of each day for the burn-down. Absent: the rows are of one day each. */
  folded?: { rowsAfter: RowsAfter; daily(kinds: ShapeKinds): Promise<UsageRow[]> }
  shapes: ReadonlyMap<string, HelloShape>
  window: Window
  blind: Readonly<Record<string, readonly string[]>>
  /** Accounts ever seen, with the last time. */
  known: readonly { account: string; lastSeenMs: number }[]
  /** What was set apart before, and by which rule a row that is asked for later is such. */
  junk?: readonly JunkCount[]
  junkRuleOf?: SetApart['ruleOf']
  coverage?: readonly SourceCoverage[]
  skipped: Record<string, number>
}

/** The questions of the console, answered by `identify` for one policy. */
export interface Judgement {
  report(): Report
  days(): Promise<BurnDownPoint[]>
  /** Somebody has asked for them. */
  hasDays(): boolean
  /** What another floor would do to the traffic of today's clients: what mended accounts did before is left out. */
  whatIf(floor: Floor): Outcome
  /** Who is left by their own rhythm, the trend, and go or no go. */
  forecast(): Forecast
  /** `own` are the rows of the account with their hours, which the evidence may leave out. */
  account(account: string, own: readonly UsageRow[], refusals: Refusal[]): AccountDetail | null
  auditLine(account: string, sighting: Sighting): AuditLine
}

/** Shapes by what a burn-down reads from them. */
interface ShapeKinds {
  breaks: string[]
  passes: string[]
  /** Their reading rests on what else the account sent. */
  byAccount: string[]
}

export async function judgement(
  policy: Policy,
  evidence: Evidence,
  stackOf: StackNamer,
  checkOf: Checks = checkKeeper(),
): Promise<Judgement> {
  const { certificates } = policy.service
  const named = evidence.known.filter(known => known.account !== '')
  const exempt = policy.exemptions
    .filter(exemption => !named.some(known => known.account === exemption.account))
    .map(exemption => ({ account: exemption.account, lastSeenMs: 0 }))
  const check = checkOf(policy.floor.next, certificates)
  const all: JudgeFacts = {
    ...evidence,
    retirement: policy.retirement,
    service: policy.service.names.join(', '),
    floor: policy.floor.next,
    check,
    cutoffMs: policy.cutoffMs ?? null,
    exemptions: policy.exemptions,
    known: [...named, ...exempt],
    stackOf,
  }
  const agreed = { cleanCycles: policy.ready.cleanCycles, nowMs: evidence.window.toMs }
  const { facts, habits, isCurrent } = await withoutMended(all, agreed, evidence.folded?.rowsAfter, stepwise)
  const report = await stepwise(judging(facts))
  const dailyRows = async () => evidence.folded?.daily(shapeKinds(all))
  let days: Promise<BurnDownPoint[]> | undefined
  let current: UsageRow[] | undefined
  let forecastOnce: Forecast | undefined
  const outcomes = new Map<string, Outcome>()
  let lineFacts: Parameters<typeof auditLine>[2] | undefined
  return {
    report: () => report,
    days() {
      days ??= dailyRows().then(rows => carryOver(burnDown(all, rows), habits))
      days.catch(() => {
        days = undefined
      })
      return days
    },
    hasDays: () => days !== undefined,
    whatIf(floor) {
      const key = JSON.stringify(floor)
      let outcome = outcomes.get(key)
      if (!outcome) {
        current ??= facts.rows.filter(row => isInside(row, facts.window))
        outcome = whatIf(
          { rows: current, shapes: facts.shapes, floor, check: checkOf(floor, certificates) },
          stackOf,
        )
        if (outcomes.size >= mostOutcomes) outcomes.clear()
        outcomes.set(key, outcome)
      }
      return outcome
    },
    forecast: () => {
      forecastOnce ??= forecast({
        rows: all.rows,
        read: reader(all),
        stackOf: stackTitles(all),
        nowMs: evidence.window.toMs - 1,
        cutoffMs: all.cutoffMs,
        ready: policy.ready,
        isExempt: outlives(policy.exemptions, all.cutoffMs ?? evidence.window.toMs),
        coverage: evidence.coverage ?? [],
      })
      return forecastOnce
    },
    account: (account, own, refusals) =>
      detailOf(
        account,
        facts,
        report,
        own.filter(row => isCurrent(row) && evidence.junkRuleOf?.(row) === undefined),
        refusals,
        habits.get(account),
      ),
    auditLine(account, sighting) {
      lineFacts ??= {
        read: reader({ ...all, rows: rowsInside(all.rows, all.window) }),
        floor: all.floor,
        stackOf: row => stackOf(row, all.shapes.get(row.shape)),
        ...(evidence.junkRuleOf && { junkRuleOf: evidence.junkRuleOf }),
      }
      return auditLine(account, sighting, lineFacts)
    },
  }
}

/** Floors whose outcome is kept. */
const mostOutcomes = 10

/** Counts an account on every day from its first old offer to its last, or to today as long as it is not mended: jobs pause between runs. */
function carryOver(points: BurnDownPoint[], habits: ReadonlyMap<string, Habit>): BurnDownPoint[] {
  const named = [...habits].filter(([account]) => account !== '').map(([, habit]) => habit)
  return points.map(point => ({
    ...point,
    accountsThatBreak: named.filter(
      ({ rhythm, isMended }) => rhythm.firstMs <= point.atMs && (!isMended || point.atMs <= rhythm.lastMs),
    ).length,
  }))
}

function shapeKinds({ shapes, check }: JudgeFacts): ShapeKinds {
  const kinds: ShapeKinds = { breaks: [], passes: [], byAccount: [] }
  for (const { id, offer } of shapes.values()) {
    const breaks = check(offer) !== null
    kinds[breaks ? (isFallback(offer) ? 'byAccount' : 'breaks') : 'passes'].push(id)
  }
  return kinds
}

export type StackNamer = ReturnType<typeof stackNamer>

function detailOf(
  account: string,
  facts: JudgeFacts,
  report: Report,
  own: readonly UsageRow[],
  refusals: Refusal[],
  habit: Habit | undefined,
): AccountDetail | null {
  const verdict = report.accounts.find(found => found.account === account)
  if (!verdict) return null
  const rows = own.filter(row => isInside(row, facts.window))
  const read = reader({ ...facts, rows: rowsInside(facts.rows, facts.window) })
  const all = Array<number>(168).fill(0)
  const breaking = Array<number>(168).fill(0)
  const operations = new Map<string, OperationSeen>()
  for (const row of rows) {
    const isOld = read(row).kind === 'breaks'
    row.hours.forEach((count, hour) => {
      all[hour]! += count
      if (isOld) breaking[hour]! += count
    })
    if (row.operation === '') continue
    const seen = operations.get(row.operation) ?? {
      operation: row.operation,
      connections: 0,
      wouldBreak: 0,
      lastSeenMs: 0,
    }
    seen.connections += row.connections
    if (isOld) seen.wouldBreak += row.connections
    seen.lastSeenMs = Math.max(seen.lastSeenMs, row.lastSeenMs)
    operations.set(row.operation, seen)
  }
  const busiest = rows.toSorted((a, b) => b.connections - a.connections)[0]
  const clients = accountDetail(account, facts, own)
  return {
    account: verdict,
    clients,
    hours: { all, breaking },
    operations: [...operations.values()].sort(
      (a, b) => b.wouldBreak - a.wouldBreak || b.connections - a.connections,
    ),
    days: burnDown(facts, rows),
    rhythms: (habit?.stacks ?? []).map(({ stack, rhythm, hasStopped }) => ({
      stack,
      text: rhythmText(rhythm, hasStopped),
      hasStopped,
    })),
    attributedBy: busiest?.attributedBy ?? '',
    confidence: busiest?.confidence ?? 'none',
    remedies: remediesOf(clients),
    refusals,
  }
}

/** The texts of the remedies that the clients name. */
function remediesOf(clients: readonly ClientSeen[]): Record<string, Remedy> {
  const texts: Record<string, Remedy> = {}
  for (const { stack } of clients) {
    const remedy = stack.remedy === null ? undefined : remedies().get(stack.remedy)
    if (!remedy) continue
    const { id, title, sections, sources } = remedy
    texts[id] = {
      id,
      title,
      text: sections.map(part => `## ${part.title}\n\n${part.text}`).join('\n\n'),
      sources,
    }
  }
  return texts
}

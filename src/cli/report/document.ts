import type { AccountVerdict, ClientSeen, Report, StackGuess } from '../../model/verdict.ts'
import { type Version, versionName } from '../../model/version.ts'
import { faultsDocument } from '../faults.ts'
import { coverageDocument, junkDocument } from './foundations.ts'
import type { ReportBasis } from './gather.ts'
import type { StackRow } from './stacks.ts'

/** What `report --json` prints: one document. Times are ISO 8601 in UTC, shares 0 to 1, versions as `TLS 1.2`. */
export function reportDocument(report: Report, gathered: ReportBasis, byStack: readonly StackRow[] | null) {
  return {
    retirement: report.retirement,
    service: report.service,
    source: report.sources.join(','),
    sources: report.sources,
    accounts_by: gathered.accountsBy,
    window: { from: isoTime(report.window.fromMs), to: isoTime(report.window.toMs) },
    floor: report.floor,
    cutoff: isoTime(report.cutoffMs),
    observations: report.totals.observations,
    skipped: report.totals.skipped,
    notes: gathered.notes ?? [],
    faults: faultsDocument(gathered.faults),
    totals: {
      accounts: report.totals.accounts,
      accounts_that_break: report.totals.accountsThatBreak,
      connections: report.totals.connections,
      accepted: report.totals.accepted,
      refused: report.totals.refused,
      failed: report.totals.failed,
      would_break: report.totals.wouldBreak,
    },
    by_version: versionCounts(report),
    offered: namedCounts(report.byVersion.map(entry => [entry.version, entry.offered])),
    negotiated: namedCounts(report.byVersion.map(entry => [entry.version, entry.negotiated])),
    ...(byStack ? { by_stack: byStack } : {}),
    attribution: report.attribution,
    junk: junkDocument(report.junk),
    coverage: coverageDocument(report.coverage),
    accounts: report.accounts.map(accountDocument),
  }
}

export function accountDocument(account: AccountVerdict) {
  return {
    account: account.account,
    ...(account.account === '' && { unattributed: true }),
    service: account.service,
    verdict: account.verdict,
    because: account.because,
    clauses: account.clauses,
    connections: account.counts.connections,
    accepted: account.counts.accepted,
    refused: account.counts.refused,
    failed: account.counts.failed,
    would_break: account.counts.wouldBreak,
    first_seen: isoTime(account.firstSeenMs),
    last_seen: isoTime(account.lastSeenMs),
    last_breaking: isoTime(account.lastBreakingMs),
    exempt_until: isoTime(account.exemptUntilMs),
    attributed_by: account.attributedBy.map(({ by, confidence, connections }) => ({
      by,
      confidence,
      connections,
    })),
    stacks: account.stacks.map(stackDocument),
    blind: account.blind,
  }
}

export function clientDocument(client: ClientSeen) {
  return {
    shape: client.shape,
    ja3: client.ja3,
    ja4: client.ja4,
    stack: stackDocument(client.stack),
    offered_max: client.offeredMax === 0 ? null : versionName(client.offeredMax),
    negotiated: namedCounts(client.negotiated.map(entry => [entry.version, entry.connections])),
    breaks: client.breaks,
    because: client.because,
    connections: client.counts.connections,
    would_break: client.counts.wouldBreak,
    refused: client.counts.refused,
    first_seen: isoTime(client.firstSeenMs),
    last_seen: isoTime(client.lastSeenMs),
    user_agents: client.userAgents,
    addresses: client.addresses,
    snis: client.snis,
  }
}

function stackDocument(stack: StackGuess) {
  return {
    id: stack.id,
    title: stack.title,
    strength: stack.strength,
    also: stack.also,
    check: stack.check ?? null,
    remedy: stack.remedy,
  }
}

/** Connections by version: the one that was agreed, else the highest offered; what has neither (plain text, say) counts as `none`. */
export function versionCounts({ byVersion }: Report): Record<string, number> {
  return namedCounts(byVersion.map(entry => [entry.version, entry.connections]))
}

function namedCounts(entries: readonly (readonly [Version, number])[]): Record<string, number> {
  const counts = new Map<Version, number>()
  for (const [version, count] of entries) counts.set(version, (counts.get(version) ?? 0) + count)
  return Object.fromEntries(
    [...counts]
      .filter(([, count]) => count > 0)
      .sort((a, b) => a[0] - b[0])
      .map(([version, count]) => [versionName(version), count]),
  )
}

export function isoTime(atMs: number | null): string | null {
  return atMs === null || atMs === 0 ? null : new Date(atMs).toISOString()
}

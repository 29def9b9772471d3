import type { Facts } from '../../identify/judge.ts'
import { clauses, comparesLists, isFallback, triesAgainLower } from '../../identify/reading.ts'
import type { Floor } from '../../model/policy.ts'
import type { Clause } from '../../model/prediction.ts'
import { TLS_1_3 } from '../../model/version.ts'

/** `reading` and `clause` of a row of the roll-up as SQL: what `reader` of identify says, for whoever wants to count again. */
export interface ReadingSql {
  /** `breaks`, `passes`, `unsure` or `apart`. */
  reading: string
  /** Of a row that breaks. */
  clause: string
  /** The verdict rests on the whole hello. */
  byHello: string
}

type Asked = Pick<Facts, 'rows' | 'shapes' | 'check'>

export function readingSql({ rows, shapes, check }: Asked, floor: Floor): ReadingSql {
  const failing = new Map<Clause, string[]>()
  const fallbacks = new Set<string>()
  for (const { id, offer } of shapes.values()) {
    const clause = check(offer)
    if (clause === null) continue
    if (isFallback(offer)) fallbacks.add(id)
    else failing.set(clause, [...(failing.get(clause) ?? []), id])
  }
  const least = floor.version
  const low = `(negotiated > 0 AND negotiated < ${least})`
  const known = inList('shape', [...shapes.keys()])
  const isRefusal = `(outcome = 'refused' AND ${inList(
    'reason',
    [...clauses].filter(clause => clause !== 'fallback'),
  )})`
  const edges = tuples(
    'source, service',
    rows.filter(row => row.negotiated >= least).map(row => [row.source, row.service]),
  )
  const retried = new Set(rows.filter(row => fallbacks.has(row.shape)).map(row => row.account))
  const firstTries = tuples(
    'service, account',
    rows
      .filter(
        row =>
          retried.has(row.account) &&
          !row.retry &&
          shapes.has(row.shape) &&
          !isFallback(shapes.get(row.shape)!.offer),
      )
      .map(row => [row.service, row.account]),
  )
  const better = rows.filter(row => row.negotiated >= least && triesAgainLower(row.userAgent))
  const mayRetry = tuples(
    'service, account, user_agent',
    better.map(row => [row.service, row.account, row.userAgent]),
  )
  const byShape = [...failing].flatMap(([clause, ids]) => [inList('shape', ids), sqlText(clause)])
  return {
    reading: `multiIf(retry, 'apart', ${known}, multiIf(${inList('shape', [...fallbacks])}, if(${firstTries}, 'apart', 'unsure'), ${inList('shape', [...failing.values()].flat())}, 'breaks', outcome = 'refused', 'unsure', 'passes'), offered_max > 0 AND offered_max < ${least}, 'breaks', offered_max = 0 AND ${low}, if(${edges} AND NOT (${mayRetry}), 'breaks', 'unsure'), ${isRefusal}, if(offered_max = 0, 'breaks', 'unsure'), offered_max = 0 AND negotiated = 0, 'apart', ${listsUnseen(floor)}, 'unsure', 'passes')`,
    clause: `multiIf(${[...byShape, `offered_max > 0 OR ${low}`, "'version'"].join(', ')}, reason)`,
    byHello: known,
  }
}

/** The source does not show what the floor compares, and what was agreed does not tell either. */
function listsUnseen(floor: Floor): string {
  if (!comparesLists(floor)) return 'false'
  if (floor.groups || floor.signatureSchemes) return 'true'
  const suites = (list: readonly number[] | undefined) => (list ? `has([${list.join(', ')}], suite)` : 'true')
  return `NOT (negotiated >= ${floor.version} AND ${floor.requireSni ? 'named' : 'true'} AND if(negotiated >= ${TLS_1_3}, ${suites(floor.suitesTls13)}, ${suites(floor.suites)}))`
}

function inList(column: string, values: readonly string[]): string {
  return values.length === 0 ? 'false' : `${column} IN (${values.map(sqlText).join(', ')})`
}

function tuples(columns: string, values: readonly (readonly string[])[]): string {
  const distinct = new Set(values.map(tuple => `(${tuple.map(sqlText).join(', ')})`))
  return distinct.size === 0 ? 'false' : `(${columns}) IN (${[...distinct].sort().join(', ')})`
}

export function sqlText(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

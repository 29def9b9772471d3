import { Fault } from '../../base/fault.ts'
import { difference } from '../../identify/what-if.ts'
import { parseFloor } from '../../model/floor-text.ts'
import type { Floor } from '../../model/policy.ts'
import { number, questionOf } from '../window.ts'
import type { Routes } from './route.ts'

const mostFloors = 10

/**
 * `GET /v1/what-if?floor=TLS 1.3&floor=no-cbc`: what each floor would do to the traffic of the window; none names the next floor of the
 * retirement file. `?diff=` compares the first two; `?limit=` narrows the lists of accounts, never the counts.
 */
export const whatIf: Routes = (api, { facts, now }) => {
  api.get('/what-if', async context => {
    const names = context.req.queries('floor') ?? []
    const isDiff = context.req.query('diff') !== undefined
    if (names.length > mostFloors || (isDiff && names.length !== 2))
      throw new Fault('usage', 'floors', `${names.length} floors`, {
        hint: isDiff ? 'diff compares two: ?diff&floor=TLS+1.2&floor=no-cbc' : `at most ${mostFloors}`,
      })
    const limit = number('limit', context.req.query('limit'), 1000, 1_000_000)
    const question = questionOf(context, now())
    const floors = names.length > 0 ? names.map(floorOf) : [facts.policy().floor.next]
    const [outcomes, { totals, junk, coverage, window }, { shapes }] = await Promise.all([
      facts.whatIf(floors, question),
      facts.report(question),
      facts.foundations(question),
    ])
    return context.json({
      window,
      shapes,
      skipped: totals.skipped,
      junk,
      coverage,
      floors: outcomes.map(outcome => ({ ...outcome, breaking: outcome.breaking.slice(0, limit) })),
      ...(isDiff && { diff: difference(outcomes[0]!, outcomes[1]!) }),
    })
  })
}

function floorOf(text: string): Floor {
  const read = parseFloor(text)
  if (read.ok) return read.floor
  const [problem] = read.problems
  throw new Fault('usage', 'floor', problem?.message ?? `no such floor: ${text}`, {
    hint: problem?.hint ?? 'floor=TLS 1.2, suites intermediate',
  })
}

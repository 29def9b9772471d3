import { Fault } from '../../base/fault.ts'
import type { UsageQuery } from '../../model/api.ts'
import { windowOf } from '../window.ts'
import type { Routes } from './route.ts'

/**
 * `GET /v1/usage`: the roll-up of a window as it is stored, with the hellos it names. `POST /v1/usage`: the same with its days added up, as
 * `UsageQuery` asks; it is a question too, but the accounts it may name do not fit an address.
 */
export const usage: Routes = (api, { facts, now }) => {
  api.get('/usage', async context =>
    context.json(await facts.usage({ ...windowOf(context, now()), everyRow: true })),
  )
  api.post('/usage', async context =>
    context.json(await facts.usage(queryOf(await context.req.json().catch(() => undefined)))),
  )
}

/** Reads the body of a question; what it does not know it leaves out. */
function queryOf(body: unknown): UsageQuery {
  const { fromMs, toMs, after, ...asked } = (body ?? {}) as Partial<Record<keyof UsageQuery, unknown>>
  if (!Number.isSafeInteger(fromMs) || !Number.isSafeInteger(toMs) || (fromMs as number) >= (toMs as number))
    throw badQuery('fromMs and toMs are not a window')
  if (after !== undefined && !(Array.isArray(after) && after.every(isAfter)))
    throw badQuery('after is not a list of accounts with instants')
  return {
    fromMs: fromMs as number,
    toMs: toMs as number,
    ...(asked.withHours === true && { withHours: true }),
    ...(asked.withNames === true && { withNames: true }),
    ...(asked.everyRow === true && { everyRow: true }),
    ...(typeof asked.account === 'string' && { account: asked.account }),
    ...(Number.isSafeInteger(asked.historyDays) && {
      historyDays: Math.min(mostHistoryDays, Math.max(0, asked.historyDays as number)),
    }),
    ...(after !== undefined && { after: after as NonNullable<UsageQuery['after']> }),
  }
}

const mostHistoryDays = 400

function isAfter(entry: unknown): boolean {
  return (
    Array.isArray(entry) &&
    entry.length === 2 &&
    typeof entry[0] === 'string' &&
    Number.isSafeInteger(entry[1]) &&
    entry[1] >= 0
  )
}

function badQuery(why: string): Fault {
  return new Fault('usage', 'bad-query', `the body is not a question about the roll-up: ${why}`, {
    hint: '{"fromMs": 1790000000000, "toMs": 1797000000000}',
  })
}

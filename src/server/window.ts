import type { Context } from 'hono'
import { Fault } from '../base/fault.ts'
import { dayMs } from '../base/time.ts'
import type { Question, Window } from '../model/api.ts'
import { usualWindow, usualWindowDays } from '../model/usual-window.ts'

const longestDays = 3660

/** As `windowOf`; `?junk=count` counts what junk rules set apart, `?fresh` waits for what commands have taken in. */
export function questionOf(context: Context, nowMs: number): Question {
  const { junk, fresh } = context.req.query()
  const window: Question = { ...windowOf(context, nowMs), ...(fresh !== undefined && { fresh: true }) }
  if (junk === undefined) return window
  if (junk !== 'count')
    throw new Fault('usage', 'bad-junk', `junk is ${JSON.stringify(junk)}`, {
      hint: 'junk=count, or leave it out',
    })
  return { ...window, withJunk: true }
}

/** Reads `?days=35`, or `?from=…&to=…` (ISO 8601); without either the last `fallbackDays`. */
export function windowOf(context: Context, nowMs: number, fallbackDays = usualWindowDays): Window {
  const { days, from, to } = context.req.query()
  if (from !== undefined || to !== undefined) {
    const toMs = to === undefined ? nowMs : instant('to', to)
    const fromMs = from === undefined ? toMs - fallbackDays * dayMs : instant('from', from)
    if (toMs - fromMs > longestDays * dayMs)
      throw new Fault('usage', 'long-window', `the window from ${from} to ${to} is too long`, {
        hint: `up to ${longestDays} days`,
      })
    if (fromMs >= toMs) throw new Fault('usage', 'empty-window', `the window from ${from} to ${to} is empty`)
    return { fromMs, toMs, named: true }
  }
  return usualWindow(nowMs, number('days', days, fallbackDays, longestDays))
}

/** A positive number from the query, bounded. */
export function number(name: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined) return fallback
  const value = Number(text)
  if (!(value > 0 && value <= most))
    throw new Fault('usage', 'bad-number', `${name} is ${JSON.stringify(text)}`, {
      hint: `a number above 0 and up to ${most}`,
    })
  return value
}

function instant(name: string, text: string): number {
  const atMs = Date.parse(text)
  if (Number.isNaN(atMs))
    throw new Fault('usage', 'bad-time', `${name} is ${JSON.stringify(text)}`, {
      hint: 'a time such as 2026-03-31T00:00:00Z',
    })
  return atMs
}

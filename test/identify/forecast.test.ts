import { expect, test } from 'vitest'
import { forecast, forecastText } from '../../src/identify/forecast.ts'
import { reader } from '../../src/identify/reading.ts'
import type { UsageRow } from '../../src/model/usage.ts'
import { day, factsOf, monday, rowOf } from './facts.ts'

const old = (account: string, at: number) =>
  rowOf({ account, shape: 'tls10', firstSeenMs: monday + at * day, lastSeenMs: monday + at * day })

/** Seen with offers that pass. */
const better = (account: string, at: number) => ({ ...old(account, at), shape: 'modern', offeredMax: 0x0303 })

function forecastOf(rows: UsageRow[], changes: Partial<Parameters<typeof forecast>[0]> = {}) {
  return forecast({
    rows,
    read: reader(factsOf(rows)),
    stackOf: row => row.shape,
    nowMs: monday + 60 * day,
    cutoffMs: monday + 90 * day,
    ready: { maxAccountsThatBreak: 0, cleanCycles: 2 },
    isExempt: () => false,
    ...changes,
  })
}

const daily = (account: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => old(account, from + i))

test('an account that stopped by its own rhythm is left out, one that is merely between two runs is not', () => {
  const found = forecastOf([
    ...daily('moved', 0, 40),
    better('moved', 59),
    ...daily('silent', 0, 39),
    old('monthly', 8),
    old('monthly', 38),
    ...daily('here', 0, 60),
  ])
  expect(found.remaining.map(entry => entry.account)).toEqual(['silent', 'here', 'monthly'])
  expect(found.stopped.map(entry => entry.account)).toEqual(['moved'])
  expect(found.decision).toMatchObject({ go: false })
  expect(found.decision.because).toBe(
    '3 accounts are left; agreed: 0 accounts at most, each clean for 2 cycles',
  )
  expect(found.burnDown[0]!.accounts).toBe(4)
  expect(found.burnDown.at(-1)!.accounts).toBe(3)
})

test('accounts that move one after the other: the trend reaches zero, with a range', () => {
  const rows = Array.from({ length: 20 }, (_, i) => [
    ...daily(`a${i}`, 0, 3 * i + 1),
    better(`a${i}`, 59),
  ]).flat()
  const found = forecastOf(rows)
  expect(found.perWeek!.value).toBeLessThan(-1.5)
  expect(found.atCutoff!.value).toBeLessThan(5)
  expect(found.atCutoff!.range[0]).toBeLessThanOrEqual(found.atCutoff!.value)
  expect(forecastText(found)).toContain('At the cutoff on 2027-02-14 about')
})

test('traffic of nobody that breaks leaves a go undecided, until its stacks have stopped', () => {
  const fine = [...daily('moved', 0, 20), better('moved', 59)]
  expect(forecastOf(fine).decision.go).toBe(true)
  const found = forecastOf([...fine, ...daily('', 0, 60)])
  expect(found.remaining).toEqual([])
  expect(found.nobodys.map(({ stack }) => stack)).toEqual(['tls10'])
  expect(found.decision).toEqual({
    go: null,
    because:
      'no account is left; agreed: 0 accounts at most, each clean for 2 cycles; but traffic of no known account breaks as well, last on 2027-01-14 (tls10): a rule for accounts, or for junk, has to say whose it is',
  })
  expect(forecastOf([...fine, ...daily('', 0, 20)]).decision.go).toBe(true)
  expect(forecastOf([...daily('here', 0, 60), ...daily('', 0, 60)]).decision.go).toBe(false)
})

test('exempt accounts do not stop a go; nothing seen decides nothing', () => {
  const rows = daily('exempt', 0, 60)
  expect(forecastOf(rows, { isExempt: account => account === 'exempt' }).decision.go).toBe(true)
  expect(forecastOf([]).decision.go).toBeNull()
  expect(forecastText(forecastOf([]))).toBe(
    'Undecided: nothing was seen in the window, so nothing can be decided.',
  )
})

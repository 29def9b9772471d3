import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayMs, hourMs } from '../../src/base/time.ts'
import { coverageOf } from '../../src/model/coverage.ts'

/** Monday 2026-11-02. */
const startMs = Date.UTC(2026, 10, 2)
const weeks = 5
const endMs = startMs + weeks * 7 * dayMs

/** Hours of some weeks, as many connections in each as the function says. */
function made(count: (hour: number, day: number) => number, toMs = endMs) {
  const hours = new Map<number, number>()
  for (let atMs = startMs; atMs < toMs; atMs += hourMs) {
    const some = count((atMs / hourMs) % 24, Math.floor((atMs - startMs) / dayMs))
    if (some > 0) hours.set(atMs, some)
  }
  return hours
}

describe('coverage of a source', () => {
  test('around the clock, some hours without anything are a gap, with what was to be expected', () => {
    const found = coverageOf(
      'nginx',
      made((hour, day) => (day === 10 && hour >= 4 && hour < 9 ? 0 : 100)),
      startMs,
      endMs,
    )
    expect(found.gaps).toEqual([
      { fromMs: startMs + 10 * dayMs + 4 * hourMs, toMs: startMs + 10 * dayMs + 9 * hourMs, expected: 500 },
    ])
    expect(found).toMatchObject({ isSilent: false, firstSeenMs: startMs, lastSeenMs: endMs - hourMs })
    expect(found.perDay).toBeCloseTo(2400, -2)
  })

  test('nights and weekends of a service for office hours are no gaps', () => {
    const office = (hour: number, day: number) => (day % 7 < 5 && hour >= 8 && hour < 18 ? 50 : 0)
    expect(coverageOf('iis', made(office), startMs, endMs).gaps).toEqual([])
    const out = coverageOf(
      'iis',
      made((hour, day) => (day === 15 ? 0 : office(hour, day))),
      startMs,
      endMs,
    )
    expect(out.gaps).toHaveLength(1)
  })

  test('a source that has stopped is silent; one that is seldom seen is not', () => {
    const stopped = coverageOf(
      'gateway',
      made(() => 10, endMs - dayMs),
      startMs,
      endMs,
    )
    expect(stopped).toMatchObject({ isSilent: true, gaps: [{ fromMs: endMs - dayMs, toMs: endMs }] })
    const monthly = coverageOf(
      'capture',
      made((hour, day) => (day % 28 === 1 && hour === 2 ? 1 : 0)),
      startMs,
      endMs,
    )
    expect(monthly).toMatchObject({ isSilent: false, gaps: [] })
  })

  test('nothing seen is nothing known', () => {
    expect(coverageOf('nginx', new Map(), startMs, endMs)).toMatchObject({
      connections: 0,
      gaps: [],
      isSilent: false,
    })
  })

  test('random traffic of any rate seldom gives an alarm, and gaps never hold an observation', () => {
    const rate = fc.double({ min: 0.02, max: 1, noNaN: true })
    let alarms = 0
    let runs = 0
    fc.assert(
      fc.property(
        rate,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })),
        (share, chance) => {
          const hours = made(() => (chance.next().value! < share ? 3 : 0))
          const found = coverageOf('x', hours, startMs, endMs)
          runs++
          if (found.gaps.length > 0) alarms++
          for (const gap of found.gaps)
            for (let atMs = gap.fromMs; atMs < gap.toMs; atMs += hourMs)
              expect(hours.get(atMs)).toBeUndefined()
        },
      ),
      { numRuns: 40, seed: 7 },
    )
    expect(alarms / runs).toBeLessThan(0.1)
  })
})

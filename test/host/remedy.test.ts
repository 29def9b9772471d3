import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { consumerKinds } from '../../src/host/consumers.ts'
import { evaluateHost } from '../../src/host/evaluate.ts'
import type { HostExport } from '../../src/host/host-export.ts'
import { formatRegistry } from '../../src/host/reg-file.ts'
import { applyRemedy, planRemedy, undoRemedy } from '../../src/host/remedy.ts'
import { possibleStates } from '../../src/host/windows.ts'
import { TLS_1_2, TLS_1_3, type Version } from '../../src/model/version.ts'
import { runs } from '../runs.ts'
import { madeUp, planFor } from './made-up-hosts.ts'

const floors = fc.constantFrom<Version>(TLS_1_2, TLS_1_2, TLS_1_3)
const kinds = fc.option(fc.subarray([...consumerKinds], { minLength: 1 }), { nil: undefined })
const many = { numRuns: runs(60), seed: 1 }

function clients(host: HostExport, floor: Version, asked?: string[]) {
  return evaluateHost(host, floor, asked).consumers.filter(consumer => consumer.presence !== 'hypothetical')
}

describe('for any host, floor and consumers asked for', () => {
  test('what the plan says it fixes no longer breaks, and what remains is named with a way out', () => {
    let planned = 0
    fc.assert(
      fc.property(madeUp, floors, kinds, (machine, floor, asked) => {
        const { host, remedy } = planFor(machine, floor, asked)
        const after = clients(applyRemedy(host, remedy), floor, asked)
        for (const consumer of after) {
          const wanted = asked ? asked.includes(consumer.kind as never) : consumer.role === 'client'
          if (!wanted) continue
          const remains = remedy.remaining.some(advice => advice.consumer === consumer.title)
          if (consumer.breaks !== 'no')
            expect(remains, `${consumer.title} is neither fixed nor named`).toBe(true)
          if (remedy.fixed.includes(consumer.title) && !remains) expect(consumer.breaks).toBe('no')
        }
        for (const advice of remedy.remaining) expect(advice.steps.length).toBeGreaterThan(0)
        // Parts of the system have no code to change: where the version exists and the value is read, a setting must do.
        const { windows } = machine
        if (possibleStates(windows, 'client').get(floor) === 'unsupported') return
        for (const { consumer } of remedy.remaining) {
          expect(consumer).not.toMatch(/^(WinINet|Programs that call Schannel|Programs for)/)
          if (windows.winhttp.honours !== 'doubtful') expect(consumer).not.toMatch(/^WinHTTP/)
        }
        planned += remedy.changes.length
      }),
      many,
    )
    expect(planned).toBeGreaterThan(many.numRuns)
  })

  test('no consumer loses a version', () => {
    fc.assert(
      fc.property(madeUp, floors, kinds, (machine, floor, asked) => {
        const { host, remedy } = planFor(machine, floor, asked)
        const after = new Map(
          clients(applyRemedy(host, remedy), floor).map(consumer => [consumer.id, consumer]),
        )
        for (const { id, answer } of clients(host, floor)) {
          const now = after.get(id)!.answer
          expect([...now.offered, ...now.maybe]).toEqual(expect.arrayContaining(answer.offered))
        }
      }),
      many,
    )
  })

  test('no change can be left out', () => {
    fc.assert(
      fc.property(madeUp, floors, kinds, (machine, floor, asked) => {
        const { host, remedy } = planFor(machine, floor, asked)
        const before = remedy.changes.length > 0 ? clients(host, floor) : []
        for (const change of remedy.changes) {
          const left = applyRemedy(host, { ...remedy, changes: remedy.changes.filter(one => one !== change) })
          const again = planRemedy(left, floor, asked)!
          const after = new Map(clients(left, floor).map(({ id, answer }) => [id, answer]))
          const lost = before.some(({ id, answer }) => {
            const now = after.get(id)!
            return answer.offered.some(
              version => !now.offered.includes(version) && !now.maybe.includes(version),
            )
          })
          expect(
            again.changes.length + again.remaining.length > remedy.remaining.length || lost,
            change.why,
          ).toBe(true)
        }
      }),
      { ...many, numRuns: runs(30) },
    )
  })

  test('applied twice is applied once, and then nothing is left to plan', () => {
    fc.assert(
      fc.property(madeUp, floors, kinds, (machine, floor, asked) => {
        const { host, remedy } = planFor(machine, floor, asked)
        const once = applyRemedy(host, remedy)
        expect(formatRegistry(applyRemedy(once, remedy).registry)).toBe(formatRegistry(once.registry))
        const again = planRemedy(once, floor, asked)!
        expect(again.changes).toEqual([])
        expect(again.prerequisites).toEqual([])
      }),
      many,
    )
  })

  test('the undo restores every byte, and the evaluation with it', () => {
    fc.assert(
      fc.property(madeUp, floors, kinds, (machine, floor, asked) => {
        const { host, remedy } = planFor(machine, floor, asked)
        const back = undoRemedy(applyRemedy(host, remedy), remedy)
        expect(formatRegistry(back.registry)).toBe(formatRegistry(host.registry))
        const same = { ...back, windows: { ...back.windows!, updates: host.windows!.updates } }
        expect(evaluateHost(same, floor)).toEqual(evaluateHost(host, floor))
        expect(formatRegistry(undoRemedy(back, remedy).registry)).toBe(formatRegistry(host.registry))
      }),
      many,
    )
  })
})

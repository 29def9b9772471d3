import { secondMs } from '../base/time.ts'
import { brownoutAt } from '../model/decide.ts'
import { ruleAt } from '../model/schedule.ts'
import { refusedIn } from '../store/pulse.ts'
import type { Store } from '../store/store.ts'
import { breach } from './guardrails.ts'
import type { FromConsole } from './processes/messages.ts'
import type { StoreFacts } from './store-facts.ts'

export type Audit = (action: string, subject: string, detail: Record<string, unknown>) => void

/**
 * Looks at the clock once a second: the schedule changes answers without any traffic, its steps belong into the audit log, and a brownout that
 * crosses a guardrail is broken off.
 */
export function watchSchedule(
  store: Store,
  facts: StoreFacts,
  tell: (message: FromConsole) => void,
  audit: Audit,
): { stop(): void } {
  let rule = ruleAt(facts.policy(), Date.now())
  let isLooking = false
  const timer = setInterval(() => {
    const policy = facts.policy()
    const atMs = Date.now()
    const current = ruleAt(policy, atMs)
    if (current !== rule) {
      facts.changed()
      if (rule === 'brownout') audit('brownout-ended', policy.retirement, {})
      if (current === 'brownout') audit('brownout-started', policy.retirement, {})
      if (current === 'cutoff') audit('cutoff', policy.retirement, { floor: policy.floor.next.title })
      rule = current
    }
    if (rule === 'brownout' && !isLooking) {
      isLooking = true
      void look(atMs).finally(() => {
        isLooking = false
      })
    }
  }, secondMs)

  const look = async (atMs: number) => {
    const policy = facts.policy()
    const fromMs = brownoutAt(policy, atMs)?.fromMs
    if (fromMs === undefined) return
    try {
      const refused = await refusedIn(store.db, { fromMs, toMs: atMs + 1 })
      const why = breach(policy.guardrails, refused)
      if (why === null) return
      tell({ say: 'abort', fromMs, atMs: Date.now(), why })
      audit('brownout-aborted', policy.retirement, { why, ...refused })
    } catch {
      // The store is away; health says so, and the next second looks again.
    }
  }

  return { stop: () => clearInterval(timer) }
}

import { accounts } from './accounts.ts'
import { audit } from './audit.ts'
import { burndown } from './burndown.ts'
import { events } from './events.ts'
import { health } from './health.ts'
import { policy } from './policy.ts'
import { refusals } from './refusals.ts'
import { report } from './report.ts'
import type { Routes } from './route.ts'
import { sources } from './sources.ts'
import { summary } from './summary.ts'
import { usage } from './usage.ts'
import { whatIf } from './what-if.ts'

/** Every group of routes under /v1 that reads facts. */
export const routes: readonly Routes[] = [
  summary,
  accounts,
  audit,
  burndown,
  refusals,
  policy,
  sources,
  health,
  usage,
  report,
  whatIf,
  events,
]

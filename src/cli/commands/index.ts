import type { Command } from '../command.ts'
import { command as account } from './account.ts'
import { command as audit } from './audit.ts'
import { command as forecast } from './forecast.ts'
import { command as hello } from './hello.ts'
import { command as hostCollect } from './host-collect.ts'
import { command as hostEvaluate } from './host-evaluate.ts'
import { command as hostRemediate } from './host-remediate.ts'
import { command as ingest } from './ingest.ts'
import { command as policyCalendar } from './policy-calendar.ts'
import { command as policyCheck } from './policy-check.ts'
import { command as policyExplain } from './policy-explain.ts'
import { command as policySchema } from './policy-schema.ts'
import { command as report } from './report.ts'
import { command as scan } from './scan.ts'
import { command as serve } from './serve.ts'
import { command as storeApply } from './store-apply.ts'
import { command as storePlan } from './store-plan.ts'
import { command as storeQuery } from './store-query.ts'
import { command as storeStatus } from './store-status.ts'
import { command as tokenIssue } from './token-issue.ts'
import { command as tokenList } from './token-list.ts'
import { command as tokenRevoke } from './token-revoke.ts'
import { command as whatIf } from './what-if.ts'

/** What the commands of a group have in common, for the list of commands. */
export const groups: Readonly<Record<string, string>> = {
  host: 'What a Windows or Linux host really offers, and the exact remedy: collect, evaluate, remediate',
  policy: 'The retirement file: check, explain, calendar, schema',
  token: 'Tokens that open one account to its owner: issue, list, revoke',
  store: 'The store of observations: status, query, plan, apply',
}

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [
  serve,
  report,
  account,
  whatIf,
  forecast,
  audit,
  tokenIssue,
  tokenList,
  tokenRevoke,
  ingest,
  hello,
  hostCollect,
  hostEvaluate,
  hostRemediate,
  scan,
  policyCheck,
  policyExplain,
  policyCalendar,
  policySchema,
  storeStatus,
  storeQuery,
  storePlan,
  storeApply,
]

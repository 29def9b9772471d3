import { Fault } from '../../base/fault.ts'
import { ruleNames } from '../../model/attribution/attribute.ts'
import { patternProblem } from '../../model/attribution.ts'
import type { Policy } from '../../model/policy.ts'
import type { AccountsFrom } from '../read-logs.ts'

const words = ['user', 'sni', 'address'] as const

/** What --accounts or the retirement file says about accounts; undefined: nothing, take the best that the files hold. */
export function accountsFromOf(
  text: string | undefined,
  policy: Policy | undefined,
): AccountsFrom | undefined {
  if (text === undefined) {
    return policy && policy.accounts.length > 0 ? { by: 'rules', rules: policy.accounts } : undefined
  }
  const word = words.find(each => each === text.toLowerCase())
  if (word !== undefined) return { by: word }
  const problem = text.includes('{account}') ? patternProblem(text) : 'names no {account}'
  if (problem !== undefined)
    throw new Fault('usage', 'accounts', `--accounts ${text}: ${problem}`, {
      hint: '--accounts user, sni, address, or a pattern such as {account}.example.com',
    })
  return { by: 'pattern', pattern: text }
}

/** For people: how accounts came about, and how to say otherwise. */
export function accountsByText(from: AccountsFrom | null, asked: boolean): string {
  if (from === null) return 'none: no user, host name or address in these files'
  const by =
    from.by === 'pattern'
      ? `by host name, ${from.pattern}`
      : from.by === 'rules'
        ? `by the rules of the retirement file: ${ruleNames(from.rules).join(', then ')}`
        : { user: 'by the user of the log', sni: 'by host name (SNI)', address: 'by client address' }[from.by]
  return asked ? by : `${by}; say --accounts user, sni, address or {account}.example.com for another way`
}

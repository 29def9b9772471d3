import { sha256 } from '../base/hash.ts'
import type { Policy } from './policy.ts'

/** SHA-256 of a policy as plain data with its fields in the order of their names: the same for files that say the same. First 16 hex digits. */
export function policyHash(policy: Policy): string {
  return sha256(JSON.stringify(inOrder(policy))).slice(0, 16)
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(
    fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, inOrder(field)]),
  )
}

/** Bad data is a value: where it is (`at`, a byte offset unless said otherwise) and what was wanted there. */
export interface Bad {
  ok: false
  at: number
  want: string
}

export type Result<T> = { ok: true; value: T } | Bad

export function good<T>(value: T): { ok: true; value: T } {
  return { ok: true, value }
}

export function bad(at: number, want: string): Bad {
  return { ok: false, at, want }
}

import { fileURLToPath } from 'node:url'
import type { Invocation } from './run.ts'

/** The ceiling under which a client runs; `tls1.1` offers 1.0 too where the client lets one say so. */
export type Variant = 'tls1.0' | 'tls1.1' | 'tls1.2' | 'default'

export interface Target {
  port: number
  /** Name in SNI and certificate check. Clients whose recipe says `names: 'localhost'` can only use that. */
  name: string
  caFile: string
  /** Path of the HTTP request. */
  path: string
}

/** One real TLS client: what it needs, how it is told a ceiling, and how it is called. All connect to 127.0.0.1. */
export interface Recipe {
  id: string
  title: string
  /** Debian packages that bring it, or the command that prepares it. */
  needs: string
  variants: readonly Variant[]
  /** `localhost`: asks the system's resolver and cannot be given another address for a name. */
  names: 'any' | 'localhost'
  /** Takes around a second or more per run: tests run it sparingly. */
  slow: boolean
  /** Why it cannot run here; undefined when it can. */
  missing(): string | undefined
  invoke(variant: Variant, target: Target): Invocation
}

/** Source of a client of ours in cases/clients. */
export function clientFile(name: string): string {
  return fileURLToPath(new URL(`../../cases/clients/${name}`, import.meta.url))
}

/** OpenSSL 3 signs and verifies with SHA-1, which TLS 1.0 and 1.1 need, at security level 0 only. */
export const levelZero = 'DEFAULT:@SECLEVEL=0'

export const everyVariant = ['tls1.0', 'tls1.1', 'tls1.2', 'default'] as const

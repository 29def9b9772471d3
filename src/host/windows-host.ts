import type { Registry } from './registry.ts'
import type { Windows } from './windows.ts'

/** What the rules need to know of a Windows machine; an export and a facts row both become one. */
export interface WindowsHost {
  windows: Windows
  osBits: 32 | 64
  registry: Registry
  /** Installed updates as `KB` and digits. */
  updates: ReadonlySet<string>
  /** File version of winhttp.dll, which tells a later rollup where the list of updates does not. */
  winHttpVersion?: string
  /** The list of updates may lack what a later rollup brought: an update that is not in it may be there all the same. */
  isListOpen?: true
  /** Last cumulative update as `YYYY-MM` or `YYYY-MM-DD`; absent: not known. */
  patch?: string
  /** Update build revision; absent: not known or none (before Windows 10). */
  ubr?: number
}

/** The part of SOFTWARE that a process reads: 32-bit processes on 64-bit Windows have their own. */
export function softwareKey(host: WindowsHost, bits: 32 | 64): string {
  return host.osBits === 64 && bits === 32 ? 'HKLM\\SOFTWARE\\Wow6432Node' : 'HKLM\\SOFTWARE'
}

export type PatchAnswer = 'before' | 'after' | 'unknown'

/** Whether a change that came with a cumulative update is on this machine. */
export function patchReached(host: WindowsHost, from: { patch: string; ubr?: number }): PatchAnswer {
  if (host.ubr !== undefined && from.ubr !== undefined) return host.ubr >= from.ubr ? 'after' : 'before'
  if (host.patch === undefined) return 'unknown'
  if (host.patch.slice(0, 7) >= from.patch) return 'after'
  // The change came with a preview at the end of the month before: a bare month does not say on which side of it the machine is.
  if (host.patch.length === 7 && host.patch === monthBefore(from.patch)) return 'unknown'
  return 'before'
}

function monthBefore(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`
}

import {
  SSL_2_0,
  SSL_3_0,
  TLS_1_0,
  TLS_1_1,
  TLS_1_2,
  TLS_1_3,
  type Version,
  versionName,
} from '../model/version.ts'

/** Versions that Schannel knows, oldest first. */
export const schannelVersions: readonly Version[] = [SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3]

/**
 * Bits of a protocol mask, the same in SCHANNEL_CRED, WinHTTP, WinINet and the .NET enumerations; a server's bit is half of a
 * client's (Win32 documentation: SCHANNEL_CRED, WINHTTP_OPTION_SECURE_PROTOCOLS; read 2025-03).
 */
const clientBits: readonly (readonly [Version, number])[] = [
  [SSL_2_0, 0x8],
  [SSL_3_0, 0x20],
  [TLS_1_0, 0x80],
  [TLS_1_1, 0x200],
  [TLS_1_2, 0x800],
  [TLS_1_3, 0x2000],
]

export type Role = 'client' | 'server'

export function versionsOfMask(mask: number, role: Role): readonly Version[] {
  const id = role === 'client' ? mask : -mask - 1
  let known = knownMasks.get(id)
  if (!known) {
    known = readMask(mask, role)
    if (knownMasks.size < 4096) knownMasks.set(id, known)
  }
  return known
}

const knownMasks = new Map<number, readonly Version[]>()

function readMask(mask: number, role: Role): Version[] {
  return clientBits
    .filter(([, bit]) => mask & (role === 'client' ? bit : bit >> 1))
    .map(([version]) => version)
}

export function maskOfVersions(versions: Iterable<Version>, role: Role = 'client'): number {
  const wanted = new Set(versions)
  return clientBits.reduce(
    (mask, [version, bit]) => (wanted.has(version) ? mask | (role === 'client' ? bit : bit >> 1) : mask),
    0,
  )
}

/** `0xaa0`. */
export function maskName(mask: number): string {
  return `0x${mask.toString(16)}`
}

/** `TLS 1.0, TLS 1.2`, or `nothing`. */
export function versionList(versions: readonly Version[]): string {
  return versions.length === 0 ? 'nothing' : versions.map(versionName).join(', ')
}

/** `TLS1.2`: the spelling of the facts rows, in and out. */
export function factName(version: Version): string {
  return versionName(version).replace(' ', '')
}

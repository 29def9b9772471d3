import { Fault } from '../../base/fault.ts'
import type { Version } from '../../model/version.ts'
import type { Flag, FlagValues, Io } from '../command.ts'

const kindNames = [
  'winhttp',
  'wininet',
  'schannel',
  'netfx',
  'wcf',
  'powershell',
  'net',
  'server',
  'openssl',
  'gnutls',
  'java',
]

/** Flags that evaluation and remedy share. */
export const hostFlags: readonly Flag[] = [
  {
    name: 'floor',
    value: 'floor',
    help: 'the lowest version that the service will let in: TLS 1.2 unless named',
  },
  { name: 'config', short: 'c', value: 'file', help: 'the retirement file, whose next floor counts' },
  { name: 'for', value: 'kind', many: true, help: `only consumers of this kind: ${kindNames.join(', ')}` },
  { name: 'os', value: 'id', help: 'the Windows of exports that do not say, for example win7-sp1' },
]

export interface HostChoice {
  floor: Version
  /** Kinds of --for; absent: all. */
  kinds?: readonly string[]
  assumed: { os?: string }
}

/** What the shared flags ask for. Throws usage Faults. What else than a version a floor asks for cannot be read from an export. */
export async function readHostFlags(flags: FlagValues, io: Io): Promise<HostChoice> {
  const { loadFloor, loadPolicy } = await import('../load-policy.ts')
  const { windowsById } = await import('../../host/windows.ts')
  const floor =
    typeof flags.floor === 'string' || typeof flags.config !== 'string'
      ? loadFloor(typeof flags.floor === 'string' ? flags.floor : 'TLS 1.2')
      : loadPolicy(flags.config, io).floor.next
  if (floor.suites || floor.groups || floor.signatureSchemes)
    io.stderr.write(
      `tlsunset: only the version of "${floor.title}" is judged; suites and groups of a host are not read\n`,
    )
  const kinds = flags.for as string[] | undefined
  const unknown = kinds?.find(kind => !kindNames.includes(kind))
  if (unknown)
    throw new Fault('usage', 'unknown-kind', `no such kind of consumer: ${unknown}`, {
      hint: `one of ${kindNames.join(', ')}`,
    })
  const { os } = flags
  if (typeof os === 'string' && !windowsById(os))
    throw new Fault('usage', 'unknown-os', `no such Windows: ${os}`, { hint: '--os win7-sp1' })
  return { floor: floor.version, ...(kinds ? { kinds } : {}), assumed: typeof os === 'string' ? { os } : {} }
}

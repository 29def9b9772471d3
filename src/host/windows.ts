import { TLS_1_0, TLS_1_1, type Version } from '../model/version.ts'
import type { SourceId } from './sources.ts'
import { type Role, schannelVersions } from './versions.ts'

/**
 * State of one version for one role. `enabled`: in the default set. `by-request`: supported, off by default, on for a program that
 * names it. `disabled`: off for all. `unsupported`: not in this Windows. `contested`: the documentation disagrees with itself.
 */
export type State = 'enabled' | 'by-request' | 'disabled' | 'unsupported' | 'contested'

/** How WinHTTP of one Windows treats its registry value and what it asks for without one. */
interface WinHttpProfile {
  /** `update`: only with KB3140245 or a later rollup. `doubtful`: on no list, taken as no. */
  honours: 'yes' | 'update' | 'doubtful'
  mask: number
  /** Set when the documentation names neighbours of this Windows only. */
  doubtful?: true
  /** Mask after the change of 2022-09-20 and the first patch level that surely has it; absent where there was no change. */
  changed?: { mask: number; from: { patch: string; ubr?: number }; doubtful?: true }
  source: SourceId
}

export interface Windows {
  id: string
  title: string
  kind: 'client' | 'server'
  builds: readonly number[]
  /** One letter per version from SSL 2.0 to TLS 1.3, for client and server. */
  states: { client: string; server: string; withUpdate?: { kb: string; client: string; server: string } }
  winhttp: WinHttpProfile
}

// The letters of the Schannel table: E enabled, B by request, X disabled, N not supported, ? contested.
const letters: Record<string, State> = {
  E: 'enabled',
  B: 'by-request',
  X: 'disabled',
  N: 'unsupported',
  '?': 'contested',
}

const old: WinHttpProfile = { honours: 'doubtful', mask: 0xa0, source: 'S5' }
const seven: WinHttpProfile = { honours: 'update', mask: 0xa0, source: 'S5' }
const blue: WinHttpProfile = { honours: 'yes', mask: 0xaa0, source: 'S3' }
/** Not named by the announcement of 2022: the old mask is kept, and doubted from that month on. */
const unlisted: WinHttpProfile = {
  ...blue,
  changed: { mask: 0xaa0, from: { patch: '2022-10' }, doubtful: true },
}
const changed = (ubr: number): WinHttpProfile => ({
  ...blue,
  changed: { mask: 0x800, from: { patch: '2022-10', ubr } },
  source: 'S7',
})
const after2022: WinHttpProfile = { honours: 'yes', mask: 0x800, source: 'S7' }
const eleven: WinHttpProfile = { honours: 'yes', mask: 0x2800, source: 'S3' }
const server2022: WinHttpProfile = { ...eleven, doubtful: true }

const states = {
  vista: { client: 'BEENNN', server: 'EEENNN' },
  withTls12ByRequest: { client: 'BEEBBN', server: 'EEEBBN' },
  eight: { client: 'BEEEEN', server: 'BEEEEN' },
  ten: { client: 'NBEEEN', server: 'NBEEEN' },
  eleven: { client: 'NBEEEE', server: 'NBEEEE' },
  contested: { client: 'NB??EE', server: 'NB??EE' },
  insider: { client: 'NBXXEE', server: 'NBXXEE' },
}
const server2008 = { ...states.vista, withUpdate: { kb: 'KB4019276', ...states.withTls12ByRequest } }

type Row = [
  id: string,
  title: string,
  kind: Windows['kind'],
  builds: number[],
  states: Windows['states'],
  winhttp: WinHttpProfile,
]

/** Builds and default states: S1, the SSL 3.0 column from build 14393 on S11, Insider builds S9. WinHTTP: the profile's own source. */
const rows: Row[] = [
  ['winvista-sp2', 'Windows Vista SP2', 'client', [6002], states.vista, old],
  ['ws2008-sp2', 'Windows Server 2008 SP2', 'server', [6002, 6003], server2008, old],
  ['win7-sp1', 'Windows 7 SP1', 'client', [7601], states.withTls12ByRequest, seven],
  ['ws2008r2-sp1', 'Windows Server 2008 R2 SP1', 'server', [7601], states.withTls12ByRequest, seven],
  ['win8', 'Windows 8', 'client', [9200], states.eight, old],
  ['ws2012', 'Windows Server 2012', 'server', [9200], states.eight, seven],
  ['win81', 'Windows 8.1', 'client', [9600], states.eight, blue],
  ['ws2012r2', 'Windows Server 2012 R2', 'server', [9600], states.eight, blue],
  ['win10-1507', 'Windows 10 1507', 'client', [10240], states.eight, unlisted],
  ['win10-1511', 'Windows 10 1511', 'client', [10586], states.eight, unlisted],
  ['win10-1607', 'Windows 10 1607', 'client', [14393], states.ten, unlisted],
  ['ws2016', 'Windows Server 2016', 'server', [14393], states.ten, unlisted],
  ['win10-1703', 'Windows 10 1703', 'client', [15063], states.ten, unlisted],
  ['win10-1709', 'Windows 10 1709', 'client', [16299], states.ten, unlisted],
  ['win10-1803', 'Windows 10 1803', 'client', [17134], states.ten, unlisted],
  ['win10-1809', 'Windows 10 1809', 'client', [17763], states.ten, changed(3469)],
  ['ws2019', 'Windows Server 2019', 'server', [17763], states.ten, changed(3469)],
  ['win10-1903', 'Windows 10 1903', 'client', [18362], states.ten, unlisted],
  ['win10-1909', 'Windows 10 1909', 'client', [18363], states.ten, unlisted],
  ['win10-2004', 'Windows 10 2004', 'client', [19041], states.ten, unlisted],
  ['win10-20h2', 'Windows 10 20H2', 'client', [19042], states.ten, changed(2075)],
  ['win10-21h1', 'Windows 10 21H1', 'client', [19043], states.ten, changed(2075)],
  ['win10-21h2', 'Windows 10 21H2', 'client', [19044], states.ten, changed(2075)],
  ['win10-22h2', 'Windows 10 22H2', 'client', [19045], states.ten, after2022],
  ['ws2022', 'Windows Server 2022', 'server', [20348], states.eleven, server2022],
  ['win11-21h2', 'Windows 11 21H2', 'client', [22000], states.eleven, eleven],
  ['win11-22h2', 'Windows 11 22H2', 'client', [22621], states.eleven, eleven],
  ['win11-23h2', 'Windows 11 23H2', 'client', [22631], states.eleven, eleven],
  ['win11-24h2', 'Windows 11 24H2', 'client', [26100], states.contested, eleven],
  ['win11-25h2', 'Windows 11 25H2', 'client', [26200], states.contested, eleven],
  ['ws2025', 'Windows Server 2025', 'server', [26100], states.contested, server2022],
  ['win11-insider-2024', 'Windows 11 Insider build from 2024', 'client', [], states.insider, eleven],
  ['ws-insider-2024', 'Windows Server Insider build from 2024', 'server', [], states.insider, server2022],
]

export const windowsTable: readonly Windows[] = rows.map(([id, title, kind, builds, state, winhttp]) => ({
  id,
  title,
  kind,
  builds,
  states: state,
  winhttp,
}))

/** Names that mean a row of the table. */
const aliases: Record<string, string> = {
  win7: 'win7-sp1',
  ws2008: 'ws2008-sp2',
  ws2008r2: 'ws2008r2-sp1',
  winvista: 'winvista-sp2',
  'win10-ltsc2019': 'win10-1809',
  'win10-ltsc2021': 'win10-21h2',
  'win8.1': 'win81',
}

export function windowsById(id: string): Windows | undefined {
  const wanted = aliases[id.toLowerCase()] ?? id.toLowerCase()
  return windowsTable.find(row => row.id === wanted)
}

/**
 * The Windows of a build. `InstallationType` tells client from server where one build is both; without it the answer is open and
 * both are given. A build between two known ones is the older one's (servicing builds), one above all is the newest known.
 */
export function windowsByBuild(build: number, installationType: string | undefined): Windows[] {
  const kind =
    installationType === undefined ? undefined : /^server/i.test(installationType) ? 'server' : 'client'
  const fits = windowsTable.filter(row => (kind === undefined || row.kind === kind) && row.builds.length > 0)
  const exact = fits.filter(row => row.builds.includes(build))
  if (exact.length > 0) return exact
  const older = fits.filter(row => row.builds[0]! < build)
  const nearest = Math.max(...older.map(row => row.builds[0]!), 0)
  return nearest < 6002 ? [] : older.filter(row => row.builds[0] === nearest)
}

/** State of each version without registry values (S1). */
export function defaultStates(
  windows: Windows,
  role: Role,
  updates: ReadonlySet<string>,
): Map<Version, State> {
  const update = windows.states.withUpdate
  const row = update && updates.has(update.kb) ? update : windows.states
  return new Map(schannelVersions.map((version, i) => [version, letters[row[role][i]!]!]))
}

/** Defaults that one page prints as enabled and another as disabled (S1 against S12): taken as enabled, and said. */
export function isDoubtedDefault(windows: Windows, version: Version): boolean {
  return windows.id === 'ws2022' && (version === TLS_1_0 || version === TLS_1_1)
}

/** Windows on which TLS 1.1 and 1.2 exist and wait to be asked for. */
export function isWindows7Family(windows: Windows): boolean {
  return windows.builds.includes(7601)
}

/** Default states once every update that brings versions is installed: what this Windows can come to have. */
export function possibleStates(windows: Windows, role: Role): Map<Version, State> {
  return defaultStates(
    windows,
    role,
    new Set(windows.states.withUpdate ? [windows.states.withUpdate.kb] : []),
  )
}

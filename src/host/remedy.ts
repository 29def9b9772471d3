import type { Version } from '../model/version.ts'
import { type Advice, adviceFor, netfxLadder } from './advice.ts'
import type { Warning } from './answer.ts'
import { type Candidate, candidatesFor, keepCandidates, listCandidates } from './candidates.ts'
import { consumersOf } from './consumers.ts'
import { type ConsumerReport, evaluateHost } from './evaluate.ts'
import type { HostExport } from './host-export.ts'
import {
  copyRegistry,
  deleteValue,
  fullPath,
  hasKey,
  type Registry,
  type RegistryValue,
  readValue,
  writeValue,
} from './registry.ts'
import { planWarnings, restartNotes } from './remedy-notes.ts'
import type { WindowsHost } from './windows-host.ts'

/** One value to write, with what stands there now. */
export interface Change {
  /** Full path with the long hive name. */
  key: string
  name: string
  to: RegistryValue
  /** Null: the value is absent. */
  before: RegistryValue | null
  why: string
}

export interface Prerequisite {
  id: string
  text: string
}

/** What to do on one host, and the way back. */
export interface Remedy {
  host: string
  os: string
  floor: Version
  changes: Change[]
  /** Keys that the changes create, the deepest first: the undo removes these again. */
  createdKeys: string[]
  /** Keys that the changes write to and the export does not list: for the model's own undo. */
  unlistedKeys: string[]
  prerequisites: Prerequisite[]
  /** Consumers that the changes bring to the floor. */
  fixed: string[]
  /** Consumers that no setting of the machine helps, with what does. */
  remaining: Advice[]
  /** For .NET Framework: other ways, the least change first. */
  ladder: string[]
  notes: string[]
  warnings: Warning[]
}

type WindowsExport = HostExport & { windows: WindowsHost }

/**
 * The smallest set of changes that brings the consumers asked for to the floor, without taking a version from any other. Pure; an
 * empty set when nothing needs to change. Null when the export does not say which Windows it is.
 */
export function planRemedy(host: HostExport, floor: Version, kinds?: readonly string[]): Remedy | null {
  if (!host.windows) return null
  const windows = host as WindowsExport
  const before = reportsById(windows, floor, kinds)
  const asked = (report: ConsumerReport) =>
    report.presence !== 'hypothetical' && (kinds ? kinds.includes(report.kind) : report.role === 'client')
  const broken = [...before.values()].filter(report => asked(report) && needsRemedy(report))
  const questions = new Map(consumersOf(windows, floor, kinds).map(consumer => [consumer.id, consumer]))
  const wished = broken.flatMap(report => candidatesFor(windows.windows, questions.get(report.id)!, floor))
  const inUse = [...before.values()]
    .filter(report => report.presence !== 'hypothetical' && report.role === 'client')
    .flatMap(report => report.answer.offered)
  const lists = [...questions.values()].flatMap(({ question }) =>
    question.stack === 'netfx' ? listCandidates(windows.windows, question, floor) : [],
  )
  const candidates = merge(
    broken.length > 0 ? [...keepCandidates(windows.windows, inUse), ...lists, ...wished] : [],
  )
  const chosen = choose(windows, floor, kinds, before, broken, candidates)
  const changes = changesOf(windows, chosen.kept)
  const after = reportsById(withCandidates(windows, chosen.kept), floor, kinds)
  const remaining = broken.filter(report => needsRemedy(after.get(report.id)!))
  const touched = broken.map(report => questions.get(report.id)!)
  return {
    host: host.name,
    os: windows.windows.windows.title,
    floor,
    changes,
    createdKeys: createdKeys(windows.registry, changes),
    unlistedKeys: [...new Set(changes.map(change => change.key))].filter(
      key => !hasKey(windows.registry, key),
    ),
    prerequisites: chosen.kept.flatMap(candidate => (candidate.update ? [candidate.update] : [])),
    fixed: broken.filter(report => !remaining.includes(report)).map(report => report.title),
    remaining: remaining.map(report => adviceFor(windows.windows, questions.get(report.id)!, report, floor)),
    ladder: netfxLadder(windows.windows, touched, floor),
    notes: restartNotes(changes),
    warnings: planWarnings(windows, changes, floor),
  }
}

/** The host after the changes (and the updates they ask for). The export handed in stays as it is. */
export function applyRemedy<T extends HostExport>(host: T, remedy: Remedy): T {
  const registry = copyRegistry(host.registry)
  for (const change of remedy.changes) writeValue(registry, change.key, change.to)
  return withRegistry(host, registry, remedy.prerequisites)
}

/** The host after the changes are taken back: every value as it was, keys that were created gone again when nothing else is in them. */
export function undoRemedy<T extends HostExport>(host: T, remedy: Remedy): T {
  const registry = copyRegistry(host.registry)
  for (const change of remedy.changes) {
    if (change.before) writeValue(registry, change.key, change.before)
    else deleteValue(registry, change.key, change.name)
  }
  for (const path of remedy.unlistedKeys) {
    const id = fullPath(path).toLowerCase()
    if (registry.get(id)?.values.size === 0) registry.delete(id)
  }
  return withRegistry(host, registry, [])
}

function withRegistry<T extends HostExport>(
  host: T,
  registry: Registry,
  updates: readonly Prerequisite[],
): T {
  if (!host.windows) return { ...host, registry }
  const installed = new Set([...host.windows.updates, ...updates.map(update => update.id)])
  // What PowerShell answered before a change says nothing about after it.
  return { ...host, registry, powershell: [], windows: { ...host.windows, registry, updates: installed } }
}

function reportsById(
  host: WindowsExport,
  floor: Version,
  kinds?: readonly string[],
): Map<string, ConsumerReport> {
  // Consumers that nobody asked for are watched too: none of them may lose a version.
  const others = evaluateHost(host, floor, undefined, { onlyReal: true }).consumers
  const asked = kinds ? evaluateHost(host, floor, kinds, { onlyReal: true }).consumers : []
  return new Map([...others, ...asked].map(report => [report.id, report]))
}

/** Below the floor, or at it only by a reading that one text contradicts. */
function needsRemedy(report: ConsumerReport): boolean {
  return report.breaks !== 'no' || report.answer.warnings.some(warning => warning.code === 'W-SCHANNEL-WIN7')
}

function merge(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map(candidate => [candidate.id, candidate])).values()]
}

function withCandidates(host: WindowsExport, candidates: readonly Candidate[]): WindowsExport {
  const registry = copyRegistry(host.registry)
  for (const { value } of candidates) if (value) writeValue(registry, value.key, value.to)
  return withRegistry(
    host,
    registry,
    candidates.flatMap(candidate => (candidate.update ? [candidate.update] : [])),
  )
}

interface Choice {
  kept: Candidate[]
  fixed: Set<string>
}

/**
 * Tries the candidates in several orders of dropping, drops what is not needed one by one, and takes the answer that fixes most
 * with least. A set counts only if no consumer loses a version by it.
 */
function choose(
  host: WindowsExport,
  floor: Version,
  kinds: readonly string[] | undefined,
  before: Map<string, ConsumerReport>,
  broken: readonly ConsumerReport[],
  candidates: readonly Candidate[],
): Choice {
  const fixedBy = (set: readonly Candidate[]): Set<string> | undefined => {
    const after = reportsById(withCandidates(host, set), floor, kinds)
    for (const [id, report] of before) {
      if (report.presence === 'hypothetical') continue
      const now = after.get(id)?.answer
      if (now && report.answer.offered.some(v => !now.offered.includes(v) && !now.maybe.includes(v)))
        return undefined
    }
    return new Set(broken.filter(report => !needsRemedy(after.get(report.id)!)).map(report => report.id))
  }
  let best: Choice = { kept: [], fixed: new Set() }
  for (const order of dropOrders) {
    const start = candidates.filter(candidate => !order.without.includes(candidate.group))
    const fixed = fixedBy(start)
    if (!fixed) continue
    let kept = start
    // What had to stay may be dropped once something else is gone, so this goes on until nothing more goes.
    for (let size = Number.POSITIVE_INFINITY; kept.length < size; ) {
      size = kept.length
      for (const candidate of [...kept].sort(byOrder(order))) {
        const fewer = kept.filter(other => other !== candidate)
        const still = fixedBy(fewer)
        if (still && [...fixed].every(id => still.has(id))) kept = fewer
      }
    }
    const isBetter =
      fixed.size > best.fixed.size || (fixed.size === best.fixed.size && kept.length < best.kept.length)
    if (isBetter) best = { kept, fixed }
  }
  return best
}

interface DropOrder {
  /** Groups in the order in which they are tried without. */
  drop: readonly Candidate['group'][]
  /** Groups left out from the start. */
  without: readonly Candidate['group'][]
}

const dropOrders: readonly DropOrder[] = [
  {
    drop: [
      'keep',
      'update',
      'strong',
      'enabled',
      'mask',
      'system-default',
      'system-default-35',
      'by-default',
    ],
    without: [],
  },
  {
    drop: [
      'keep',
      'update',
      'system-default',
      'enabled',
      'mask',
      'strong',
      'system-default-35',
      'by-default',
    ],
    without: [],
  },
  {
    drop: ['update', 'strong', 'enabled', 'mask', 'system-default-35', 'by-default'],
    without: ['system-default', 'keep'],
  },
]

function byOrder({ drop }: DropOrder): (a: Candidate, b: Candidate) => number {
  return (a, b) => drop.indexOf(a.group) - drop.indexOf(b.group)
}

function changesOf(host: WindowsExport, candidates: readonly Candidate[]): Change[] {
  return candidates.flatMap(({ value }) => {
    if (!value) return []
    const key = fullPath(value.key)
    return [
      {
        key,
        name: value.to.name,
        to: value.to,
        before: readValue(host.registry, key, value.to.name) ?? null,
        why: value.why,
      },
    ]
  })
}

/** Keys that may be deleted again. Nothing else is: what an export leaves out is not known to be absent. */
const ownKeys = /\\SCHANNEL\\Protocols\\[^\\]+(\\(Client|Server))?$|\\Internet Settings\\WinHttp$/i

/** Keys that a change creates, with the level above it in Schannel. A key that has keys below it exists, listed or not. */
function createdKeys(registry: Registry, changes: readonly Change[]): string[] {
  const ids = [...registry.keys()]
  const isThere = (path: string) => {
    const id = path.toLowerCase()
    return ids.some(other => other === id || other.startsWith(`${id}\\`))
  }
  const paths = changes.flatMap(({ key }) => [key, key.slice(0, key.lastIndexOf('\\'))])
  const created = [...new Set(paths)].filter(path => ownKeys.test(path) && !isThere(path))
  return created.sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
}

import type { Effect } from '../model/finding.ts'
import { TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../model/version.ts'

/** What a place says about versions, before any floor is known. */
export type Shape =
  /** Exactly these are on. */
  | { kind: 'only'; versions: readonly Version[] }
  /** This one and newer. */
  | { kind: 'min'; versions: readonly Version[] }
  /** This one and older. */
  | { kind: 'max'; versions: readonly Version[] }
  /** These, besides whatever is on. */
  | { kind: 'adds'; versions: readonly Version[] }
  /** These are turned off, all others stay. */
  | { kind: 'off'; versions: readonly Version[] }
  /** Names no version and lets legacy in: security level 0, a compatibility switch. */
  | { kind: 'weakens' }
  /** Left to a default of library, system or provider. */
  | { kind: 'inherits' }
  /** Worth a look, never counted. */
  | { kind: 'note' }

export type Role = 'only' | 'min' | 'max' | 'adds' | 'off'

/** What a shape means under a floor; undefined when it is in order. */
export function effectOf(shape: Shape, floor: Version): Effect | undefined {
  switch (shape.kind) {
    case 'only': {
      const old = shape.versions.filter(version => version < floor)
      if (old.length === 0) return undefined
      return old.length < shape.versions.length ? 'allows' : 'breaks'
    }
    case 'min':
      return oldest(shape.versions) < floor ? 'allows' : undefined
    case 'max':
      return newest(shape.versions) < floor ? 'breaks' : undefined
    case 'adds':
      return shape.versions.some(version => version < floor) ? 'allows' : undefined
    case 'off':
      return offEffect(new Set(shape.versions), floor)
    case 'weakens':
      return floor <= TLS_1_2 ? 'allows' : 'note'
    default:
      return shape.kind
  }
}

/**
 * Turning versions off breaks when the floor itself goes while an older one stays (a peer at the floor is out of reach), or when nothing at or
 * above the floor is left. Turning off TLS 1.2 together with everything older is the TLS 1.3-only setting and fine.
 */
function offEffect(off: ReadonlySet<Version>, floor: Version): Effect | undefined {
  const modern = [TLS_1_2, TLS_1_3].filter(version => version >= floor)
  if (!modern.some(version => off.has(version))) return undefined
  if (modern.every(version => off.has(version))) return 'breaks'
  if (!off.has(floor)) return undefined
  return off.has(TLS_1_0) && off.has(TLS_1_1) ? undefined : 'breaks'
}

function oldest(versions: readonly Version[]): Version {
  return versions.length > 0 ? Math.min(...versions) : Number.POSITIVE_INFINITY
}

function newest(versions: readonly Version[]): Version {
  return versions.length > 0 ? Math.max(...versions) : Number.POSITIVE_INFINITY
}

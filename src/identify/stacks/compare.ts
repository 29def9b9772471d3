import { md5 } from '../../base/hash.ts'
import { type Offer, withoutGrease } from '../../model/offer.ts'
import type { Version } from '../../model/version.ts'
import { sources, type TableRow, table } from './table.ts'

/**
 * What of a hello tells stacks apart: without GREASE, without what changes from target to target (SNI, padding, resumption), and without the
 * order of extensions, which shapes do not keep; it lives on in JA3.
 */
export interface Features {
  sslv2: boolean
  legacyVersion: Version
  versions: number[]
  suites: number[]
  extensions: number[]
  groups: number[]
  points: number[]
  schemes: number[]
  alpn: string
  grease: boolean
}

/** A hello of the table. */
export interface KnownHello {
  stack: string
  /** Name of the program that was seen to send it; empty when the source names none. */
  name: string
  /** Where the hello was read or measured. */
  source: string
  /** Extension order or signature schemes were not recorded: good for likeness, not for proof. */
  partial: boolean
  /** JA3 of the hello as it was recorded; empty where the order of its extensions was not. */
  ja3: string
  features: Features
}

/** Server name, padding, pre-shared key, cookie, early data: these depend on the target and on earlier connections. */
const changing = new Set([0x0000, 0x0015, 0x0029, 0x002a, 0x002c])
/** Set by the program, not by the library: protocols on top, and whether a stapled certificate status is wanted. */
const chosen = new Set([0x0010, 0x0005, 0x3374, 0x0012])

export function featuresOf(offer: Offer): Features {
  const lists = [offer.suites, offer.extensions, offer.groups, offer.supportedVersions]
  return {
    sslv2: offer.format === 'sslv2',
    legacyVersion: offer.legacyVersion,
    versions: withoutGrease(offer.supportedVersions),
    suites: withoutGrease(offer.suites).filter(suite => suite !== 0x5600),
    extensions: sorted(offer.extensions),
    groups: withoutGrease(offer.groups),
    points: offer.pointFormats,
    schemes: withoutGrease(offer.signatureSchemes),
    alpn: offer.alpn.join(','),
    grease: lists.some(list => withoutGrease(list).length < list.length),
  }
}

let parsed: KnownHello[] | undefined

/** The table of known hellos, read on first use. */
export function knownHellos(): readonly KnownHello[] {
  parsed ??= table.map(readRow)
  return parsed
}

function readRow(row: TableRow): KnownHello {
  const [
    stack,
    name,
    source,
    format,
    legacy,
    versions,
    suites,
    extensions,
    groups,
    points,
    schemes,
    alpn,
    partial,
  ] = row
  const lists = [versions, suites, extensions, groups, schemes].map(numbersOf)
  const [versionList, suiteList, extensionList, groupList, schemeList] = lists as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ]
  return {
    stack,
    name,
    source: sources[source] ?? '',
    partial: partial === 1,
    ja3: format === 2 || partial === 1 ? '' : ja3Of(legacy, suiteList, extensionList, groupList, points),
    features: {
      sslv2: format === 2,
      legacyVersion: legacy === '' ? 0 : Number.parseInt(legacy, 16),
      versions: withoutGrease(versionList),
      suites: withoutGrease(suiteList),
      extensions: sorted(extensionList),
      groups: withoutGrease(groupList),
      points: points === '' ? [] : points.split('.').map(Number),
      schemes: withoutGrease(schemeList),
      alpn,
      grease: lists.some(list => withoutGrease(list).length < list.length),
    },
  }
}

function ja3Of(legacy: string, suites: number[], extensions: number[], groups: number[], points: string) {
  const lists = [suites, extensions, groups].map(list => withoutGrease(list).join('-'))
  return md5([Number.parseInt(legacy, 16), ...lists, points.replaceAll('.', '-')].join(','))
}

function sorted(extensions: readonly number[]): number[] {
  return withoutGrease(extensions)
    .filter(type => !changing.has(type))
    .sort((a, b) => a - b)
}

function numbersOf(hex: string): number[] {
  const numbers: number[] = []
  for (let at = 0; at < hex.length; at += 4) numbers.push(Number.parseInt(hex.slice(at, at + 4), 16))
  return numbers
}

/** Equal for hellos that the same library with the same settings sends. */
export function exactKey(features: Features): string {
  const extensions = features.extensions.filter(type => !chosen.has(type))
  return [
    features.sslv2 ? 2 : 3,
    features.legacyVersion,
    features.versions.join('.'),
    features.suites.join('.'),
    extensions.join('.'),
    features.groups.join('.'),
    features.points.join('.'),
    features.schemes.join('.'),
  ].join('|')
}

/** How much each list counts for likeness; lists that both lack say nothing. */
const weights = { suites: 0.38, extensions: 0.22, groups: 0.18, schemes: 0.12, points: 0.06 } as const
const greaseWeight = 0.04
const lists = Object.keys(weights) as (keyof typeof weights)[]

/** Likeness of two hellos, 0 to 1: how much of each list they share in the same order, the suites counting most. */
export function likeness(a: Features, b: Features): number {
  return weigh(a, b, inOrder)
}

/** At least the likeness, at a fraction of the cost: what they share in any order. */
export function likenessAtMost(a: Features, b: Features): number {
  return weigh(a, b, inAnyOrder)
}

function weigh(
  a: Features,
  b: Features,
  shared: (a: readonly number[], b: readonly number[]) => number,
): number {
  let score = a.grease === b.grease ? greaseWeight : 0
  let sum = greaseWeight
  for (const list of lists) {
    const longer = Math.max(a[list].length, b[list].length)
    if (longer === 0) continue
    score += weights[list] * (shared(a[list], b[list]) / longer)
    sum += weights[list]
  }
  return (a.sslv2 === b.sslv2 ? 1 : 0.7) * (score / sum)
}

const marks = new Uint32Array(0x10000)
let mark = 0

/** How many values of `b` are in `a`. */
function inAnyOrder(a: readonly number[], b: readonly number[]): number {
  mark++
  for (const value of a) marks[value] = mark
  let shared = 0
  for (const value of b) if (marks[value] === mark) shared++
  return shared
}

/** Length of the longest common subsequence. */
function inOrder(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return 0
  let above = new Uint16Array(b.length + 1)
  let row = new Uint16Array(b.length + 1)
  for (const value of a) {
    for (let i = 0; i < b.length; i++)
      row[i + 1] = value === b[i] ? above[i]! + 1 : Math.max(above[i + 1]!, row[i]!)
    ;[above, row] = [row, above]
  }
  return above[b.length]!
}

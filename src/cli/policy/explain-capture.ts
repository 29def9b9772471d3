import { resolve } from 'node:path'
import { type ExitCode, exitCodes, Fault } from '../../base/fault.ts'
import { plural } from '../../base/text.ts'
import { utcMinute } from '../../base/time.ts'
import { whoIs } from '../../model/attribution/who.ts'
import { decide } from '../../model/decide.ts'
import { highestOffered, type Offer, withoutGrease } from '../../model/offer.ts'
import type { Decision, Policy, Who } from '../../model/policy.ts'
import { versionName } from '../../model/version.ts'
import { openCapture } from '../../observe/capture/open.ts'
import { type CaptureEnd, readCapture } from '../../observe/capture/read.ts'
import { ja4 } from '../../wire/fingerprint.ts'
import type { Io } from '../command.ts'
import { type Paint, paintFor } from '../paint.ts'

/** More kinds of hello than this are counted instead of listed. */
const listedKinds = 50

/** Hellos of one kind: from the same account, with the same name and the same content but for GREASE. */
interface Kind {
  offer: Offer
  who: Who
  count: number
  firstMs: number
  lastMs: number
  now: Decision
  /** Undefined when no cutoff has been set. */
  after: Decision | undefined
}

/**
 * Says of every hello of a capture what becomes of it at `atMs` and from the cutoff on. Accounts are told by the name that each hello asks for,
 * unless `who` says whose they all are. Exit code 1 when one is refused then or later, 6 when there is none. Throws an input Fault for a broken
 * file, after what could be read is printed.
 */
export async function explainCapture(
  policy: Policy,
  { file, who, atMs, json, io }: { file: string; who: Who | undefined; atMs: number; json: boolean; io: Io },
): Promise<ExitCode> {
  const { kinds, unread, end } = await collect(policy, file, who, atMs, io)
  const total = kinds.reduce((sum, kind) => sum + kind.count, 0)
  if (json) io.stdout.write(`${JSON.stringify(document(policy, file, kinds, unread, atMs), null, 2)}\n`)
  else if (total > 0) io.stdout.write(text(policy, file, kinds, atMs, io))
  if (unread > 0)
    io.stderr.write(`tlsunset: note: ${file}: ${plural(unread, 'hello')} not captured whole or malformed\n`)
  if (total > 0 && who === undefined && kinds.every(kind => kind.who.name === 'other'))
    io.stderr.write(
      `tlsunset: note: no hello asks for a name of the service (${policy.service.names.join(', ')}); --account or --sni says whose they are\n`,
    )
  finish(end, file, io)
  if (total === 0) {
    io.stderr.write(`tlsunset: note: ${file}: no hello in ${plural(end.packets, 'packet')}\n`)
    return exitCodes.undecided
  }
  return kinds.some(isRefused) ? exitCodes.findings : exitCodes.ok
}

function isRefused({ now, after }: Kind): boolean {
  return now.action === 'refuse' || after?.action === 'refuse'
}

async function collect(
  policy: Policy,
  file: string,
  who: Who | undefined,
  atMs: number,
  io: Io,
): Promise<{ kinds: Kind[]; unread: number; end: CaptureEnd }> {
  const kinds = new Map<string, Kind>()
  let unread = 0
  const events = readCapture(openCapture(file === '-' ? file : resolve(io.cwd, file), io.stdin, io.signal))
  for (;;) {
    const next = await events.next()
    if (next.done) return { kinds: inOrder([...kinds.values()]), unread, end: next.value }
    const event = next.value
    if (event.kind === 'incomplete_client_hello' || event.kind === 'malformed_hello') unread++
    if (event.kind !== 'connection' || event.connection.hello === null) continue
    const { offer } = event.connection.hello
    const whose = who ?? whoIs(policy, offer.sni, event.connection.src).who
    const key = JSON.stringify([whose, steady(offer)])
    const known = kinds.get(key)
    const seenMs = event.connection.atMs
    if (known) {
      known.count++
      known.lastMs = Math.max(known.lastMs, seenMs)
    } else
      kinds.set(key, { ...judged(policy, offer, whose, atMs), count: 1, firstMs: seenMs, lastMs: seenMs })
  }
}

/** An offer without what browsers shuffle from one hello to the next: GREASE (RFC 8701) and the order of extensions. */
function steady(offer: Offer): Offer {
  return {
    ...offer,
    supportedVersions: withoutGrease(offer.supportedVersions),
    suites: withoutGrease(offer.suites),
    extensions: withoutGrease(offer.extensions).sort((a, b) => a - b),
    groups: withoutGrease(offer.groups),
    signatureSchemes: withoutGrease(offer.signatureSchemes),
    keyShareGroups: withoutGrease(offer.keyShareGroups),
    alpn: [],
  }
}

function judged(
  policy: Policy,
  offer: Offer,
  who: Who,
  atMs: number,
): Omit<Kind, 'count' | 'firstMs' | 'lastMs'> {
  const { cutoffMs } = policy
  const now = decide(policy, offer, who, atMs)
  const after = cutoffMs === undefined ? undefined : decide(policy, offer, who, Math.max(atMs, cutoffMs))
  return { offer, who, now, after }
}

/** Who is refused first comes first, then who breaks later, then the rest; the busiest first. */
function inOrder(kinds: Kind[]): Kind[] {
  const rank = ({ now, after }: Kind) =>
    now.action === 'refuse' ? 0 : after?.action === 'refuse' ? 1 : now.breaks ? 2 : 3
  return kinds.sort((a, b) => rank(a) - rank(b) || b.count - a.count || a.firstMs - b.firstMs)
}

function text(policy: Policy, file: string, kinds: Kind[], atMs: number, io: Io): string {
  const paint = paintFor(io)
  const when = atMs === io.now() ? 'now' : utcMinute(atMs)
  const count = (some: Kind[]) => some.reduce((sum, kind) => sum + kind.count, 0)
  const total = count(kinds)
  const refusedNow = count(kinds.filter(kind => kind.now.action === 'refuse'))
  const refusedAfter = count(kinds.filter(kind => kind.after?.action === 'refuse'))
  const later =
    policy.cutoffMs === undefined
      ? `no cutoff has been set (${plural(count(kinds.filter(kind => kind.now.breaks)), 'hello')} would fail the next floor)`
      : policy.cutoffMs > atMs
        ? `${refusedAfter} after the cutoff at ${utcMinute(policy.cutoffMs)}`
        : `the cutoff was at ${utcMinute(policy.cutoffMs)}`
  const more = kinds.length - listedKinds
  return [
    `${paint.strong(`${plural(total, 'hello')} in ${file}`)}: ${refusedNow} refused ${when === 'now' ? 'now' : `at ${when}`}, ${later}`,
    '',
    ...kinds.slice(0, listedKinds).flatMap(kind => [...kindLines(policy, kind, atMs, when, paint), '']),
    ...(more > 0 ? [`and ${plural(more, 'kind')} of hello more; all of them: --json`, ''] : []),
  ].join('\n')
}

function kindLines(
  policy: Policy,
  { offer, who, count, now, after }: Kind,
  atMs: number,
  when: string,
  paint: Paint,
): string[] {
  const name = offer.sni === null ? 'without a name' : `for ${offer.sni}`
  const whose = who.account === null ? 'no account' : `account ${who.account}`
  const lines = [
    paint.strong(`${plural(count, 'hello')} ${name}, ${whose}, up to ${versionName(highestOffered(offer))}`),
    `  ${when}: ${fate(now, paint)}: ${now.because}`,
  ]
  if (after === undefined) {
    if (now.breaks) lines.push(`  next floor: ${paint.bad('would be refused')} for its ${now.breaks}`)
  } else if (policy.cutoffMs! > atMs)
    lines.push(`  after the cutoff: ${fate(after, paint)}: ${after.because}`)
  return lines
}

function fate({ action, manner, alert, breaks, floor }: Decision, paint: Paint): string {
  if (action === 'refuse')
    return paint.bad(`refused (${manner === 'soft' ? 'HTTP answer' : `alert ${alert}`})`)
  return breaks && floor === 'now' ? paint.doubt('let in, fails the next floor') : paint.good('let in')
}

function document(policy: Policy, file: string, kinds: Kind[], unread: number, atMs: number) {
  const outside = ({ action, floor, rule, manner, clause, alert, breaks, because }: Decision) => ({
    action,
    floor,
    rule,
    manner,
    clause,
    alert,
    breaks,
    because,
  })
  return {
    file,
    at: new Date(atMs).toISOString(),
    cutoff: policy.cutoffMs === undefined ? null : new Date(policy.cutoffMs).toISOString(),
    unread,
    hellos: kinds.map(({ offer, who, count, firstMs, lastMs, now, after }) => ({
      count,
      firstSeen: new Date(firstMs).toISOString(),
      lastSeen: new Date(lastMs).toISOString(),
      account: who.account,
      name: who.name,
      sni: offer.sni,
      highest: versionName(highestOffered(offer)),
      ja4: ja4(offer).ja4,
      now: outside(now),
      afterCutoff: after ? outside(after) : null,
    })),
  }
}

function finish(end: CaptureEnd, file: string, io: Io): void {
  if (end.broken)
    throw new Fault(
      'input',
      'capture-broken',
      `${file} is broken at offset ${end.broken.at}: wanted ${end.broken.want}`,
      end.packets > 0
        ? { hint: `${plural(end.packets, 'packet')} before it were read` }
        : { hint: 'say a capture (pcap, pcapng), or a version: --offer "TLS 1.0"' },
    )
  if (end.cut)
    io.stderr.write(`tlsunset: note: ${file} stops within its last record (offset ${end.cut.at})\n`)
}

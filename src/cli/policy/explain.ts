import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ExitCode, exitCodes, Fault } from '../../base/fault.ts'
import { utcMinute } from '../../base/time.ts'
import { whoIs } from '../../model/attribution/who.ts'
import { isAccountId } from '../../model/attribution.ts'
import { type Change, changesFor } from '../../model/changes.ts'
import { decide, exemptionOf, type Force, floorInForce, placeInRamp, reasonOf } from '../../model/decide.ts'
import { plainOffer } from '../../model/plain-offer.ts'
import type { Decision, Policy, Who } from '../../model/policy.ts'
import { parseInstant } from '../../model/retirement/instant.ts'
import {
  parseVersion,
  TLS_1_0,
  TLS_1_1,
  TLS_1_2,
  TLS_1_3,
  type Version,
  versionName,
} from '../../model/version.ts'
import type { FlagValues, Io } from '../command.ts'
import { loadPolicy } from '../load-policy.ts'
import { paintFor } from '../paint.ts'

/** More changes than this are counted instead of listed. */
const listedChanges = 12

/** Says which floor a client meets at an instant, why, what that does to each version, and when it changes. Exit code 1: an offer that was asked about is refused. */
export async function explainPolicy(path: string, flags: FlagValues, io: Io): Promise<ExitCode> {
  const policy = loadPolicy(path, io)
  const named = askedFor(policy, flags)
  const atMs = instantOf(flags.at, io)
  const offer = offerAsked(flags.offer, io)
  if (typeof offer === 'string') {
    const { explainCapture } = await import('./explain-capture.ts')
    return explainCapture(policy, { file: offer, who: named, atMs, json: flags.json === true, io })
  }
  if (named === undefined)
    throw new Fault('usage', 'who', 'say whom to explain it for: --account or --sni', {
      hint: '--account contoso, --sni contoso.example.com, --sni "" for hellos without a name, or --offer hellos.pcap',
    })
  const who = named
  const asked = offer === undefined ? undefined : [offer]
  const force = floorInForce(policy, who, atMs)
  const decisions = (asked ?? [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3]).map(version => ({
    version,
    decision: decide(policy, plainOffer(version), who, atMs),
  }))
  const changes = changesFor(policy, who, atMs)
  if (flags.json) {
    const document = {
      account: who.account,
      name: who.name,
      at: new Date(atMs).toISOString(),
      floor: {
        which: force.floor,
        title: policy.floor[force.floor].title,
        rule: force.rule,
        because: reasonOf(policy, force, atMs),
      },
      offers: decisions.map(({ version, decision: { action, manner, clause, alert, breaks, because } }) => ({
        offer: versionName(version),
        action,
        manner,
        clause,
        alert,
        breaks,
        because,
      })),
      changes: changes.map(change => ({
        at: new Date(change.atMs).toISOString(),
        floor: change.force.floor,
        rule: change.force.rule,
        manner: change.force.manner,
      })),
    }
    io.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  } else io.stdout.write(explanation(policy, who, atMs, force, decisions, changes, io))
  return asked && decisions.some(({ decision }) => decision.action === 'refuse')
    ? exitCodes.findings
    : exitCodes.ok
}

/** Whom the flags name; undefined when they name nobody. */
function askedFor(policy: Policy, flags: FlagValues): Who | undefined {
  const account = flags.account as string | undefined
  const sni = flags.sni as string | undefined
  if (account !== undefined && !isAccountId(account))
    throw new Fault('usage', 'account', `--account: no account id: ${account}`, { hint: '--account contoso' })
  if (sni !== undefined && !/^[\w.-]*$/.test(sni))
    throw new Fault('usage', 'sni', `--sni: no host name: ${sni}`, {
      hint: '--sni contoso.example.com (with international names as xn--…), or --sni "" for hellos without one',
    })
  const named = sni === undefined ? undefined : whoIs(policy, sni).who
  if (account !== undefined) return { account, name: named?.name ?? 'service' }
  return named
}

function instantOf(flag: FlagValues[string], io: Io): number {
  if (flag === undefined) return io.now()
  const instant = parseInstant(String(flag))
  if (instant.ok) return instant.atMs
  throw new Fault('usage', 'instant', `--at: ${instant.message}`, { hint: instant.hint })
}

/** A version, or the path of a capture (`-`: stdin). What looks like neither is wrong usage. */
function offerAsked(flag: FlagValues[string], io: Io): Version | string | undefined {
  if (flag === undefined) return undefined
  const text = String(flag)
  const version = parseVersion(text)
  if (version !== undefined) return version
  if (
    text === '-' ||
    (text !== '' && existsSync(resolve(io.cwd, text))) ||
    /[/\\]|\.\w*cap(ng)?(\.|$)/i.test(text)
  )
    return text
  throw new Fault('usage', 'offer', `--offer: no such version or capture: ${text}`, {
    hint: '--offer "TLS 1.0", or --offer hellos.pcap',
  })
}

function explanation(
  policy: Policy,
  who: Who,
  atMs: number,
  force: Force,
  decisions: { version: Version; decision: Decision }[],
  changes: Change[],
  io: Io,
): string {
  const paint = paintFor(io)
  const exemption = exemptionOf(policy, who.account, atMs)
  const lines = [
    `${paint.strong(nameOf(who))} at ${utcMinute(atMs)}: ${policy.floor[force.floor].title}, because ${reasonOf(policy, force, atMs)}`,
    ...(exemption
      ? [
          `  exempt until ${utcMinute(exemption.untilMs)}: ${exemption.reason} (approved by ${exemption.approvedBy})`,
        ]
      : []),
    ...(who.account !== null && policy.ramp.length > 0
      ? [
          `  place in the ramp: ${placeInRamp(policy.retirement, who.account).toFixed(3)}, reached when the share is above it`,
        ]
      : []),
    '',
    ...decisions.map(({ version, decision }) => {
      const fate =
        decision.action === 'accept'
          ? decision.breaks
            ? paint.doubt('let in, will break')
            : paint.good('let in')
          : paint.bad(`refused (${decision.manner === 'soft' ? 'HTTP answer' : `alert ${decision.alert}`})`)
      return `  a client that goes up to ${versionName(version)}: ${fate}${decision.clause ? `: ${decision.because}` : ''}`
    }),
    '',
    ...changes
      .slice(0, listedChanges)
      .map(change => `  ${utcMinute(change.atMs)}  ${changeText(policy, change)}`),
    ...(changes.length > listedChanges
      ? [`  and ${changes.length - listedChanges} more; all of them: --json`]
      : []),
    ...(changes.length === 0 ? ['  nothing changes for it after that'] : []),
    '',
  ]
  return lines.join('\n')
}

function changeText(policy: Policy, { atMs, force }: Change): string {
  const { title } = policy.floor[force.floor]
  return force.rule === 'before-cutoff' ? `${title} again` : `${title}: ${reasonOf(policy, force, atMs)}`
}

function nameOf(who: Who): string {
  if (who.account !== null) return who.account
  if (who.name === 'none') return 'hellos without SNI'
  return who.name === 'other' ? "names that are not the service's" : 'names of the service without an account'
}

import { TLS_1_0, TLS_1_2, TLS_1_3, versionName } from '../model/version.ts'
import { type Answer, either, type Warning } from './answer.ts'
import { readDword, readValue } from './registry.ts'
import { explainedBy, meetSchannel, schannelStates } from './schannel.ts'
import type { SourceId } from './sources.ts'
import { maskName, versionsOfMask } from './versions.ts'
import { isWindows7Family } from './windows.ts'
import { patchReached, softwareKey, type WindowsHost } from './windows-host.ts'

export const winHttpValue = 'DefaultSecureProtocols'
export const winHttpUpdate = 'KB3140245'

export function winHttpKey(host: WindowsHost, bits: 32 | 64): string {
  return `${softwareKey(host, bits)}\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\WinHttp`
}

export interface WinHttpQuestion {
  stack: 'winhttp'
  bits: 32 | 64
  /** What the program set by WINHTTP_OPTION_SECURE_PROTOCOLS; null: nothing. */
  appMask: number | null
}

interface Mask {
  mask: number
  because: string
  source: SourceId
  certain: boolean
  warnings: Warning[]
}

/** Versions that WinHTTP offers: the program's mask, else the registry's, else the system's, filtered by Schannel (S3). */
export function answerWinHttp(host: WindowsHost, question: WinHttpQuestion): Answer {
  const masks = chooseMask(host, question)
  const answers = masks.map(choice => {
    const met = meetSchannel(host, {
      role: 'client',
      cred: 'SCHANNEL_CRED',
      enabled: choice.mask,
      disabled: 0,
      strong: false,
    })
    return {
      ...met,
      winhttpMask: choice.mask,
      certain: met.certain && choice.certain,
      because: explainedBy(choice.because, met),
      sources: [choice.source, ...met.sources],
      warnings: [...choice.warnings, ...met.warnings],
    }
  })
  return answers.length === 1 ? answers[0]! : either(answers, masks.map(mask => mask.because).join('; or '))
}

/** One mask, or two when the patch level that decides between them is not known. */
function chooseMask(host: WindowsHost, { bits, appMask }: WinHttpQuestion): Mask[] {
  if (appMask !== null)
    return [
      plain(
        appMask,
        `the program itself sets the mask ${maskName(appMask)}, so the registry is not consulted`,
        'S3',
      ),
    ]
  const key = winHttpKey(host, bits)
  const value = readValue(host.registry, key, winHttpValue)
  const mask = readDword(host.registry, key, winHttpValue)
  const { winhttp, title } = host.windows
  const warnings: Warning[] = []
  let doubted = winhttp.doubtful === true
  if (value && mask === undefined)
    warnings.push({
      code: 'W-WRONG-TYPE',
      text: `${winHttpValue} is not a REG_DWORD; it is taken as missing`,
    })
  if (mask === 0) {
    doubted = true
    warnings.push({
      code: 'W-DSP-ZERO',
      text: `${winHttpValue} is 0; what WinHTTP makes of it is not documented`,
    })
  }
  if (mask) {
    if (winhttp.honours === 'yes' || (winhttp.honours === 'update' && hasUpdate(host)))
      return [honoured(host, bits, mask)]
    if (winhttp.honours === 'update' && host.isListOpen && host.winHttpVersion === undefined) {
      const text = `whether ${winHttpUpdate} or a later rollup is there is not known: the version of winhttp.dll tells, which collect.ps1 records`
      const unread = plain(winhttp.mask, `${winHttpValue} is not read without ${winHttpUpdate}`, 'S5')
      return [
        { ...unread, certain: false, warnings: [{ code: 'W-DSP-MAY-BE-INERT', text }] },
        { ...honoured(host, bits, mask), certain: false },
      ]
    }
    doubted ||= winhttp.honours === 'doubtful'
    warnings.push({
      code: 'W-DSP-INERT',
      text:
        winhttp.honours === 'update'
          ? `${winHttpValue} is set, but ${title} reads it only after ${winHttpUpdate} or a later rollup`
          : `${winHttpValue} is set, but ${title} is not on the list of systems that read it`,
    })
  }
  if (
    host.osBits === 64 &&
    !mask &&
    readDword(host.registry, winHttpKey(host, bits === 64 ? 32 : 64), winHttpValue)
  )
    warnings.push({
      code: 'W-ONE-VIEW',
      text: `${winHttpValue} is set for ${bits === 64 ? 32 : 64}-bit processes only; ${bits}-bit processes read another key`,
    })
  const standing = (chosen: number, certain: boolean): Mask => ({
    mask: chosen,
    because: `WinHTTP on ${title} asks for ${maskName(chosen)} when neither the program nor the registry says otherwise`,
    source: winhttp.source,
    certain: certain && !doubted,
    warnings,
  })
  const change = winhttp.changed
  if (!change) return [standing(winhttp.mask, true)]
  const reached = patchReached(host, change.from)
  if (change.doubtful) return [standing(winhttp.mask, reached === 'before')]
  if (reached === 'before') return [standing(winhttp.mask, true)]
  if (reached === 'after') return [standing(change.mask, true)]
  return [standing(change.mask, false), standing(winhttp.mask, false)]
}

function plain(mask: number, because: string, source: SourceId): Mask {
  return { mask, because, source, certain: true, warnings: [] }
}

/** The registry's mask, with what is known to go wrong with such values. */
function honoured(host: WindowsHost, bits: 32 | 64, mask: number): Mask {
  const { title } = host.windows
  const choice = plain(
    mask,
    `${winHttpValue} (${bits}-bit) asks for ${maskName(mask)}`,
    host.windows.winhttp.source,
  )
  const asked = versionsOfMask(mask, 'client')
  const states = schannelStates(host, 'client')
  const waits = asked.some(version => version > TLS_1_0 && states.get(version)!.state === 'by-request')
  if (isWindows7Family(host.windows) && waits) {
    // One text asks for the Schannel keys as well, the state model and the source of .NET say that asking is enough.
    choice.certain = false
    choice.warnings.push({
      code: 'W-SCHANNEL-WIN7',
      text: `${winHttpUpdate} asks for the Schannel keys of TLS 1.1 and TLS 1.2 as well on ${title}; set both`,
    })
  }
  const byDefault = host.windows.winhttp
  if (byDefault.mask & 0x2000 && mask & 0x800 && !(mask & 0x2000))
    choice.warnings.push({
      code: 'W-DSP-DROPS-13',
      text: `${winHttpValue} ${maskName(mask)} takes ${versionName(TLS_1_3)} away, which ${title} would offer`,
    })
  const now =
    byDefault.changed && patchReached(host, byDefault.changed.from) === 'after'
      ? byDefault.changed.mask
      : byDefault.mask
  const back = asked.filter(
    version => version >= TLS_1_0 && version < TLS_1_2 && !versionsOfMask(now, 'client').includes(version),
  )
  if (now & 0x800 && back.length > 0)
    choice.warnings.push({
      code: 'W-DSP-BRINGS-BACK',
      text: `${winHttpValue} ${maskName(mask)} brings back ${back.map(versionName).join(' and ')}, which ${title} no longer asks for`,
    })
  return choice
}

/** winhttp.dll of the update, by build; every later one has it too. Seen in scripts that check for it (2026-11). */
const updatedFiles: Record<number, string> = { 7601: '6.1.7601.23375', 9200: '6.2.9200.21797' }

/** The update itself, its file or a newer one, or a monthly rollup: these are cumulative from 2016-10 on. */
export function hasUpdate(host: WindowsHost): boolean {
  if (host.updates.has(winHttpUpdate) || (host.patch !== undefined && host.patch >= '2016-10')) return true
  const least = updatedFiles[host.windows.builds[0] ?? 0]
  return least !== undefined && host.winHttpVersion !== undefined && isAtLeast(host.winHttpVersion, least)
}

function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map(text => text.split('.').map(Number)) as [number[], number[]]
  const at = want.findIndex((part, i) => part !== (have[i] ?? 0))
  return at < 0 || (have[at] ?? 0) > want[at]!
}

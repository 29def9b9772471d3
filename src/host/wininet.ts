import type { Answer, Warning } from './answer.ts'
import { readDword, readValue } from './registry.ts'
import { explainedBy, meetSchannel } from './schannel.ts'
import { maskName } from './versions.ts'
import { patchReached, type WindowsHost } from './windows-host.ts'

export const winInetValue = 'SecureProtocols'
const settings = 'Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings'
const policies = 'Software\\Policies\\Microsoft\\Windows\\CurrentVersion\\Internet Settings'

export interface WinInetQuestion {
  stack: 'wininet'
  /** What the program set by INTERNET_OPTION_SECURE_PROTOCOLS; null: nothing. */
  appMask: number | null
  /** Hive of the user, `HKCU` or `HKU\SID`. */
  user: string
}

/** Where WinINet looks, first hit wins: policy of the machine, policy of the user, choice of the user. */
export function winInetKeys(user: string): readonly string[] {
  return [`HKLM\\${policies}`, `${user}\\${policies}`, `${user}\\${settings}`]
}

/** Versions that WinINet offers: IE mode and many desktop programs. It does not read the value of WinHTTP, nor the reverse. */
export function answerWinInet(host: WindowsHost, { appMask, user }: WinInetQuestion): Answer {
  const warnings: Warning[] = []
  let mask = appMask ?? undefined
  let certain = true
  let because = `the program itself sets the mask ${maskName(mask ?? 0)}`
  for (const key of mask === undefined ? winInetKeys(user) : []) {
    const found = readDword(host.registry, key, winInetValue)
    if (found === undefined && readValue(host.registry, key, winInetValue))
      warnings.push({
        code: 'W-WRONG-TYPE',
        text: `${winInetValue} is not a REG_DWORD; it is taken as missing`,
      })
    if (found === undefined || found === 0) continue
    mask = found
    const isPolicy = key.includes('Policies')
    because = `${winInetValue} ${maskName(found)} ${isPolicy ? 'of the Group Policy' : 'of the user'} decides`
    if (isPolicy)
      warnings.push({
        code: 'W-GROUP-POLICY',
        text: `${winInetValue} comes from Group Policy: change it there, or it returns`,
      })
    break
  }
  if (mask === undefined) {
    const change = host.windows.winhttp.changed
    const changed = change && !change.doubtful && patchReached(host, change.from) === 'after'
    mask = changed ? change.mask : host.windows.winhttp.mask
    // The default of WinINet is documented for the change of 2022 only; before it, it went with the version of Internet Explorer.
    certain = changed === true || (host.windows.winhttp.source === 'S7' && !change)
    because = `WinINet on ${host.windows.title} asks for ${maskName(mask)} when nobody says otherwise`
  }
  const met = meetSchannel(host, {
    role: 'client',
    cred: 'SCHANNEL_CRED',
    enabled: mask,
    disabled: 0,
    strong: false,
  })
  return {
    ...met,
    certain: met.certain && certain,
    because: explainedBy(because, met),
    sources: ['S7', ...met.sources],
    warnings: [...warnings, ...met.warnings],
  }
}

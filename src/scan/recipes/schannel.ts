import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import { findInCode, type Meaning } from '../find-code.ts'
import type { Recipe } from '../recipe.ts'
import { schannelVersions } from './dotnet-protocols.ts'

const names: Record<string, Version> = {
  PCT1: SSL_2_0,
  SSL2: SSL_2_0,
  SSL3: SSL_3_0,
  TLS1: TLS_1_0,
  TLS1_0: TLS_1_0,
  TLS1_1: TLS_1_1,
  TLS1_2: TLS_1_2,
  TLS1_3: TLS_1_3,
}

function meaning(path: string): Meaning | undefined {
  const match = /SP_PROT_(PCT1|SSL2|SSL3|TLS1(?:_[0-3])?|SSL3TLS1(?:_X)?)(?:_(CLIENT|SERVER)S?)?$/.exec(path)
  if (!match) return undefined
  const versions = match[1]!.startsWith('SSL3TLS1') ? [SSL_3_0, TLS_1_0] : [names[match[1]!]!]
  return {
    versions,
    ...(match[2] && { side: match[2] === 'CLIENT' ? ('client' as const) : ('server' as const) }),
  }
}

export const schannel: Recipe = {
  id: 'schannel-protocols',
  title: 'Schannel: enabled protocols of a credential',
  formats: ['c', 'cpp', 'csharp', 'rust', 'go', 'python'],
  literals: ['sp_prot_', 'grbitenabledprotocols', 'grbitdisabledprotocols'],
  stack: 'Schannel',
  why: 'grbitEnabledProtocols is the whole list that the credential speaks; the system default is ignored.',
  fix: 'Set grbitEnabledProtocols to 0 (system default), or to the SP_PROT_TLS1_2 flag of this side.',
  sources: ['https://learn.microsoft.com/windows/win32/api/schannel/ns-schannel-schannel_cred (2025-10)'],
  *find(source, floor) {
    for (const hit of findInCode(source, floor, {
      constant: { quick: /^SP_PROT_/, means: meaning },
      slot: slot => {
        if (/grbitEnabledProtocols$/.test(slot.name)) return { role: 'only' }
        return /grbitDisabledProtocols$/.test(slot.name) ? { role: 'off' } : undefined
      },
      read: (text, kind) => {
        const value = Number(text)
        return kind === 'number' && value >= 4 && value <= 0x3fff ? schannelVersions(value) : undefined
      },
      side: 'guess',
      raise: text =>
        /^\d/.test(text) ? '0' : text.replace(/SP_PROT_\w+?(_CLIENT|_SERVER)?S?$/, 'SP_PROT_TLS1_2$1'),
    })) {
      // grbitDisabledProtocols names what is off, and harms where that is a modern version.
      if (hit.shape.kind === 'off') {
        yield { ...hit, edits: undefined }
        continue
      }
      const lineStart = source.text.lastIndexOf(';', hit.start) + 1
      if (
        !/grbitDisabledProtocols|dwProtocol\b|Disabled/.test(
          source.text.slice(Math.max(lineStart, hit.start - 300), hit.start),
        )
      )
        yield hit
    }
  },
}

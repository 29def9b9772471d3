import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import { codeRecipe, type Meaning } from '../find-code.ts'
import { numberOf } from '../words.ts'
import { schannelVersions } from './dotnet-protocols.ts'

const flags: Record<string, readonly Version[]> = {
  SSL2: [SSL_2_0],
  SSL3: [SSL_3_0],
  TLS1: [TLS_1_0],
  TLS1_1: [TLS_1_1],
  TLS1_2: [TLS_1_2],
  TLS1_3: [TLS_1_3],
  ALL: [SSL_2_0, SSL_3_0, TLS_1_0], // and never 1.2, whatever its name says
}

function meaning(path: string): Meaning | undefined {
  const match =
    /(?:WINHTTP_FLAG_SECURE_PROTOCOL|SecureProtocol|WinHttpRequestSecureProtocol)_(SSL2|SSL3|TLS1|TLS1_1|TLS1_2|TLS1_3|ALL)$/i.exec(
      path,
    )
  return match ? { versions: flags[match[1]!.toUpperCase()]!, side: 'client' } : undefined
}

export const winhttp = codeRecipe(
  {
    id: 'winhttp-secure-protocols',
    title: 'WinHTTP: secure protocols without TLS 1.2, or with older ones',
    formats: ['c', 'cpp', 'csharp', 'vb', 'vbscript', 'javascript', 'powershell', 'python', 'rust', 'go'],
    literals: ['secure_protocol', 'secureprotocol', '.option(9)', 'option(9)'],
    evidence: /protocol_(?:all|tls1|ssl)|option\(|\d{2,}/,
    stack: 'WinHTTP',
    why: 'WINHTTP_OPTION_SECURE_PROTOCOLS is the whole list that the session offers; WINHTTP_FLAG_SECURE_PROTOCOL_ALL means SSL 2.0, SSL 3.0 and TLS 1.0 only.',
    fix: 'Delete the call, so that Windows decides, or set WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2 (with _TLS1_3 under #ifdef).',
    sources: ['https://learn.microsoft.com/windows/win32/winhttp/option-flags (2025-10)'],
  },
  {
    constant: { quick: /SecureProtocol|SECURE_PROTOCOL_/i, means: meaning },
    slot: (slot, flow) =>
      (slot.kind === 'set' &&
        /\.Option$/i.test(slot.path) &&
        /^(?:9|WinHttpRequestOption_SecureProtocols)$/.test(flow.code.tokens[slot.at - 2]?.text ?? '')) ||
      // `const WINHTTP_OPTION_SECURE_PROTOCOLS = 84` is the number of the option.
      (slot.kind !== 'set' &&
        /^WINHTTP_OPTION_SECURE_PROTOCOLS$|^WinHttpRequestOption_SecureProtocols$/.test(slot.name))
        ? { role: 'only', side: 'client' }
        : undefined,
    read: (text, kind) => {
      const value = numberOf(text)
      return kind === 'number' && value >= 8 && value <= 0x3fff ? schannelVersions(value) : undefined
    },
    side: 'client',
    raise: text =>
      /^\d|^0x|^&H/i.test(text) ? '2048' : text.replace(/_(?:SSL2|SSL3|TLS1|TLS1_1|ALL)$/i, '_TLS1_2'),
  },
)

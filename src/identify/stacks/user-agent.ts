import { type Stack, stacks } from './stacks.ts'

/** What a user agent says about the library below it. Programs can say what they like: this suggests, and only a hello proves. */
export function agentStack(userAgent: string): Stack | undefined {
  if (userAgent === '') return undefined
  for (const [pattern, stack] of rules) {
    const match = pattern.exec(userAgent)
    if (!match) continue
    const id = typeof stack === 'string' ? stack : stack(match)
    const found = stacks.get(id)
    if (found) return found
  }
  return undefined
}

type Rule = readonly [RegExp, string | ((match: RegExpExecArray) => string)]

/** The first that matches counts: what names its library first, then languages, then browsers and systems. */
const rules: readonly Rule[] = [
  [/\bJava\/1\.([5-8])\b/, match => (match[1] === '8' ? 'java-8' : match[1] === '7' ? 'java-7' : 'java-6')],
  [/\(java 1\.([4-8])/i, match => (match[1] === '8' ? 'java-8' : match[1] === '7' ? 'java-7' : 'java-6')],
  [/\bJava\/(\d+)/, match => (Number(match[1]) >= 11 ? 'java-11' : 'java-8')],
  [/OpenSSL\/0\.9/, 'openssl-0.9.8'],
  [/OpenSSL\/1\.0\.0/, 'openssl-1.0.0'],
  [/OpenSSL\/1\.0\.[12]/, 'openssl-1.0.1'],
  [/OpenSSL\/1\.1\.0/, 'openssl-1.1.0'],
  [/OpenSSL\/1\.1\.1/, 'openssl-1.1.1'],
  [/OpenSSL\/[3-9]/, 'openssl-3'],
  [/LibreSSL\//, 'libressl'],
  [/\bNSS\/3/, 'nss'],
  [/GnuTLS\/2|gnutls\/2/i, 'gnutls-2'],
  [/GnuTLS\/3|gnutls\/3/i, 'gnutls-3'],
  [/SecureTransport/, 'apple-securetransport'],
  [/mbedTLS|PolarSSL/i, 'mbedtls'],
  [/Go-http-client\/|^Go \d|Go 1\.1 package http/, 'go'],
  [/Python-urllib\/2|CPython\/2|Python\/2/, 'python-2'],
  [/Python-urllib\/3|CPython\/3|Python\/3|aiohttp\//, 'python-3'],
  [/python-requests\/|python-httpx\//, 'python-3'],
  [/node-fetch|axios\/|undici|^node$|Node\.js\/|azsdk-js|\bgot \(/i, 'node'],
  [/\bBun\//, 'bun'],
  [/Mono\//, 'mono'],
  [
    /FxVersion\/4|\.NET Framework|MS Web Services Client Protocol|\.NET CLR \d.*(?:MSOffice|Client Protocol)/,
    'dotnet-framework',
  ],
  [/WindowsPowerShell\/[2-5]/, 'dotnet-framework'],
  [/GuzzleHttp|^PHP\/|PHP-SOAP|PHP \d/, 'php'],
  [/^Ruby|Faraday|rest-client|Mechanize\//, 'ruby'],
  [/libwww-perl|LWP::|HTTP-Tiny/, 'perl'],
  [/\bhackney\/|\bmint\/|^httpc\b/i, 'erlang'],
  [/Android ([1-3])\./, 'android-2'],
  [/Android [45]\.|Dalvik\/1/, 'android-4'],
  [/Android (\d+)|okhttp\//, 'android'],
  [
    /CFNetwork\/\S+ Darwin\/(\d+)/,
    match =>
      Number(match[1]) < 13 ? 'apple-legacy' : Number(match[1]) < 18 ? 'apple-securetransport' : 'apple',
  ],
  [/MSIE [5-9]\.|Trident\/|WinHttp|WinINet|Microsoft Office|Outlook/i, match => windowsOf(match.input)],
  [
    /Firefox\/(\d+)|Thunderbird\/(\d+)/,
    match => (Number(match[1] ?? match[2]) < 27 ? 'firefox-legacy' : 'firefox'),
  ],
  [/Opera\/9|Presto\//, 'opera-presto'],
  [/Edge\/1[2-8]/, 'schannel-10'],
  [/Chrom(?:e|ium)\/(\d+)/, match => (Number(match[1]) < 30 ? 'chrome-legacy' : 'chrome')],
  [/BlackBerry|BB10/, 'blackberry'],
]

function windowsOf(userAgent: string): string {
  const version = /Windows NT (\d+\.\d+)/.exec(userAgent)?.[1] ?? ''
  if (version === '5.1' || version === '5.2' || version === '5.0') return 'schannel-xp'
  if (version === '6.0') return 'schannel-vista'
  if (version === '6.1') return 'schannel-7'
  if (version === '6.2' || version === '6.3') return 'schannel-8'
  return version.startsWith('10') ? 'schannel-10' : ''
}

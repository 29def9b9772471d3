import { TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 } from '../../model/version.ts'
import { mendSetting } from '../find-settings.ts'
import { isLive } from '../live.ts'
import type { Format, Recipe } from '../recipe.ts'
import { versionWords } from '../words.ts'

const texts: Format[] = [
  'yaml',
  'json',
  'hcl',
  'toml',
  'ini',
  'directives',
  'xml',
  'shell',
  'dockerfile',
  'groovy',
  'java',
  'kotlin',
  'scala',
  'python',
  'javascript',
  'ruby',
  'powershell',
  'csharp',
  'go',
  'hocon',
]

export const jvmOptions: Recipe = {
  id: 'jvm-protocol-option',
  title: 'JVM: system property with legacy protocols',
  formats: texts,
  literals: [
    'https.protocols',
    'jdk.tls.client.protocols',
    'jdk.tls.server.protocols',
    'ssl.protocols',
    'minimumprotocolversion',
    'ssl.protocolversion',
  ],
  stack: 'Java (JSSE)',
  why: 'The property is the whole list that the default context offers or accepts.',
  fix: 'Delete the property, or set TLSv1.2,TLSv1.3.',
  sources: [
    'https://docs.oracle.com/en/java/javase/21/security/java-secure-socket-extension-jsse-reference-guide.html (2025-10)',
  ],
  *find(source, floor) {
    const pattern =
      /-D((?:https|jdk\.tls\.(?:client|server)|mail\.\w+(?:\.ssl)?|com\.ibm\.jsse2\.overrideDefaultProtocol|weblogic\.security\.SSL)[\w.]*?(?:protocols?|[pP]rotocolVersion|overrideDefaultProtocol))=["'\\]*([\w.,+ ]*?)(?=["'\\;<]|\s+-|\s*$|\s)/gm
    for (const match of source.text.matchAll(pattern)) {
      if (!isLive(source, match.index)) continue
      const start = match.index + match[0].length - match[2]!.length
      const setting = {
        key: match[1]!,
        keyStart: match.index,
        parents: [],
        value: match[2]!,
        start,
        end: start + match[2]!.length,
        form: 'scalar' as const,
        siblings: [],
      }
      const words = versionWords(setting.value).map(word => ({
        ...word,
        start: word.start + start,
        end: word.end + start,
      }))
      const old = words.find(word => word.version < floor)
      if (!old) continue
      const shape = {
        kind: /minimum/i.test(match[1]!) ? ('min' as const) : ('only' as const),
        versions: words.map(word => word.version),
      }
      yield {
        start: old.start,
        end: old.end,
        shape,
        side: /server|weblogic/.test(match[1]!) ? 'server' : 'client',
        edits: mendSetting(source.text, setting, { shape, words }, floor),
      }
    }
  },
}

export const javaSecurity: Recipe = {
  id: 'java-disabled-algorithms',
  title: 'Java: jdk.tls.disabledAlgorithms without TLSv1 and TLSv1.1',
  formats: ['ini', 'java', 'kotlin', 'scala', 'groovy', 'yaml', 'dockerfile', 'shell', 'directives'],
  literals: ['disabledalgorithms'],
  stack: 'Java (JSSE)',
  why: 'The list is what keeps TLS 1.0 and 1.1 off in a current JDK; without them both come back.',
  fix: 'Put TLSv1, TLSv1.1 back into jdk.tls.disabledAlgorithms.',
  sources: ['https://www.java.com/en/configure_crypto.html (2025-10)'],
  *find(source) {
    for (const match of source.text.matchAll(
      /jdk\.tls\.disabledAlgorithms(["']?\s*,\s*["']|\s*=\s*["']?|["']?\s*:\s*["']?)((?:[^"'\n\\]|\\[ \t]*\r?\n)*)/g,
    )) {
      const at = match.index
      if (!isLive(source, at)) continue
      const lineStart = source.text.lastIndexOf('\n', at) + 1
      const line = source.text.slice(lineStart, at)
      // A scripted edit is judged by the recipe for shells.
      if (/\bsed\b|\bperl\b|grep|s[/|#]/.test(line) || /^[\\^]/.test(match[2]!)) continue
      const value = match[2]!
      const has10 = /(?<![\w.])TLSv1(?![\w.])/.test(value)
      const has11 = /(?<![\w.])TLSv1\.1(?![\w.])/.test(value)
      if (has10 && has11) continue
      if (/getProperty/.test(line)) continue
      const missing = [has10 ? undefined : TLS_1_0, has11 ? undefined : TLS_1_1].filter(
        version => version !== undefined,
      )
      const end = at + match[0].trimEnd().length
      const names = missing.map(version => (version === TLS_1_0 ? 'TLSv1' : 'TLSv1.1')).join(', ')
      const valueAt = at + match[0].length - value.length
      yield {
        start: at,
        end,
        shape: { kind: 'only', versions: [...missing, TLS_1_2, TLS_1_3] },
        side: 'either',
        edits: [{ start: valueAt, end: valueAt, text: value.trim() === '' ? names : `${names}, ` }],
      }
    }
  },
}

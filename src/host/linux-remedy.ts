import { parseVersion, type Version, versionName } from '../model/version.ts'
import { breaksAt } from './answer.ts'
import type { RemedyFile } from './formats/format.ts'
import { javaSetting, linuxConsumersOf, opensslSettings, versionsOfPriority } from './linux.ts'
import type { LinuxFile, LinuxFiles } from './linux-files.ts'

/** A file beside the system's own, which stays as it is: taking it away is the undo. */
interface DropIn {
  consumer: string
  because: string
  file: RemedyFile
  /** Where the file goes, and the variable by which a service finds it. */
  place: string
  environment: string
}

export interface LinuxRemedy {
  dropIns: DropIn[]
  remaining: { consumer: string; because: string; steps: string[] }[]
}

const folder = '/etc/tlsunset'

/** Drop-in files for the libraries whose configuration keeps them below the floor. Nothing in place is edited. */
export function planLinuxRemedy(linux: LinuxFiles, floor: Version): LinuxRemedy {
  const remedy: LinuxRemedy = { dropIns: [], remaining: [] }
  for (const consumer of linuxConsumersOf(linux)) {
    if (breaksAt(consumer.answer, floor) === 'no') continue
    const file = linux.files.find(candidate => consumer.id.endsWith(candidate.path))
    const dropIn = file && dropInFor(file, floor)
    const { title, answer } = consumer
    if (dropIn) remedy.dropIns.push({ consumer: title, because: answer.because, ...dropIn })
    else
      remedy.remaining.push({
        consumer: title,
        because: answer.because,
        steps: [
          `move to a release of the library that has ${versionName(floor)}, or let the program name it`,
        ],
      })
  }
  return remedy
}

function dropInFor(file: LinuxFile, floor: Version): Omit<DropIn, 'consumer' | 'because'> | undefined {
  if (file.kind === 'openssl') return opensslDropIn(file)
  if (file.kind === 'gnutls') return gnutlsDropIn(file, floor)
  if (file.kind === 'java') return javaDropIn(file, floor)
  return undefined
}

/** Includes the file in place and takes its upper bound away; a later setting of a section wins. */
function opensslDropIn({ path, text }: LinuxFile): Omit<DropIn, 'consumer' | 'because'> | undefined {
  const { section, settings } = opensslSettings(text)
  if (section === '' || !settings.has('maxprotocol')) return undefined
  const content = [
    `.include ${path}`,
    `[${section}]`,
    '# No upper bound: the library offers the newest version it has.',
    'MaxProtocol = None',
    '',
  ]
  return {
    file: { path: 'openssl.cnf', content: content.join('\n') },
    place: `${folder}/openssl.cnf`,
    environment: `OPENSSL_CONF=${folder}/openssl.cnf`,
  }
}

/** The file in place without the lines that take versions from the floor on away. */
function gnutlsDropIn({ text }: LinuxFile, floor: Version): Omit<DropIn, 'consumer' | 'because'> {
  const kept = text.split(/\r?\n/).filter(line => {
    const [, name = '', value = ''] = /^\s*([\w-]+)\s*=\s*(.*)$/.exec(line.replace(/#.*$/, '')) ?? []
    if (/^disabled-version$/i.test(name)) return !isFrom(floor, value)
    const versions = /^(SYSTEM|default-priority-string)$/i.test(name) ? versionsOfPriority(value) : undefined
    return !versions || versions.some(version => version >= floor)
  })
  return {
    file: { path: 'gnutls.conf', content: kept.join('\n') },
    place: `${folder}/gnutls.conf`,
    environment: `GNUTLS_SYSTEM_PRIORITY_FILE=${folder}/gnutls.conf`,
  }
}

function isFrom(floor: Version, name: string): boolean {
  return (parseVersion(name) ?? 0) >= floor
}

/** Java reads a second properties file when it is told to; its values replace those of java.security. */
function javaDropIn({ text }: LinuxFile, floor: Version): Omit<DropIn, 'consumer' | 'because'> {
  const lines = [
    `# ${versionName(floor)} and newer are no longer disabled; everything else as in java.security.`,
  ]
  const disabled = javaSetting(text, 'jdk.tls.disabledAlgorithms')
  if (disabled) {
    const parts = disabled.value.split(',').map(part => part.trim())
    lines.push(`jdk.tls.disabledAlgorithms=${parts.filter(part => !isFrom(floor, part)).join(', ')}`)
  }
  const named = javaSetting(text, 'jdk.tls.client.protocols')
  if (named) lines.push(`jdk.tls.client.protocols=${named.value},${versionName(floor).replace(' ', 'v')}`)
  return {
    file: { path: 'java.security', content: `${lines.join('\n')}\n` },
    place: `${folder}/java.security`,
    environment: `JAVA_TOOL_OPTIONS=-Djava.security.properties=${folder}/java.security`,
  }
}

/** The drop-ins with a systemd drop-in that points one service at them. */
export function linuxFiles(remedy: LinuxRemedy): RemedyFile[] {
  if (remedy.dropIns.length === 0) return []
  const unit = ['[Service]', ...remedy.dropIns.map(({ environment }) => `Environment="${environment}"`), '']
  return [
    ...remedy.dropIns.map(({ file }) => file),
    { path: 'tlsunset.conf', content: unit.join('\n') },
    {
      path: 'USE.txt',
      content: [
        ...remedy.dropIns.map(({ file, place }) => `${file.path} goes to ${place}`),
        'tlsunset.conf goes to /etc/systemd/system/SERVICE.service.d/; then: systemctl daemon-reload && systemctl restart SERVICE',
        'Undo: delete these files, daemon-reload, restart. No file of the system is edited.',
        '',
      ].join('\n'),
    },
  ]
}

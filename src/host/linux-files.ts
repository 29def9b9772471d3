/** Configuration files of a Linux machine that decide TLS versions. */
export type LinuxFileKind = 'openssl' | 'crypto-policies' | 'gnutls' | 'java'

export interface LinuxFile {
  kind: LinuxFileKind
  path: string
  text: string
}

export interface LinuxFiles {
  release: string
  /** Facts of the collector: `openssl`, `gnutls`, `jvm`, each possibly several. */
  facts: Map<string, string[]>
  files: LinuxFile[]
}

const places: readonly (readonly [RegExp, LinuxFileKind])[] = [
  [/openssl[^/\\]*\.(cnf|conf)$/i, 'openssl'],
  [/back-ends[/\\]opensslcnf\.config$/i, 'openssl'],
  [/crypto-policies[/\\](config|state[/\\]current)$/i, 'crypto-policies'],
  [/gnutls[/\\](config|default-priorities)$/i, 'gnutls'],
  [/gnutls[^/\\]*\.conf$/i, 'gnutls'],
  [/back-ends[/\\]gnutls\.config$/i, 'gnutls'],
  [/java\.security$/i, 'java'],
]

/** What a path is the configuration of; undefined when of nothing here. */
export function linuxFileOf(path: string): LinuxFileKind | undefined {
  return places.find(([pattern]) => pattern.test(path))?.[1]
}

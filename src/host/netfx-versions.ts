/**
 * .NET Framework releases by the least `Release` number that means them (S13, installed versions, 2025-10). Compare with "greater or
 * equal": the number differs by Windows.
 */
const releases: readonly (readonly [release: number, version: string])[] = [
  [378389, '4.5'],
  [378675, '4.5.1'],
  [379893, '4.5.2'],
  [393295, '4.6'],
  [394254, '4.6.1'],
  [394802, '4.6.2'],
  [460798, '4.7'],
  [461308, '4.7.1'],
  [461808, '4.7.2'],
  [528040, '4.8'],
  [533320, '4.8.1'],
]

/** `4.8` for 528372; undefined below 4.5. */
export function versionOfRelease(release: number): string | undefined {
  return releases.filter(([least]) => release >= least).at(-1)?.[1]
}

/** Order of dotted versions of up to three small parts; a missing part counts as 0. */
function compareDotted(a: string, b: string): number {
  return rank(a) - rank(b)
}

const ranks = new Map<string, number>()

function rank(text: string): number {
  let known = ranks.get(text)
  if (known === undefined) {
    const [major = 0, minor = 0, patch = 0] = text.split('.').map(part => Number.parseInt(part, 10) || 0)
    known = (major * 1000 + minor) * 1_000_000 + patch
    if (ranks.size < 4096) ranks.set(text, known)
  }
  return known
}

export function atLeast(version: string, least: string): boolean {
  return compareDotted(version, least) >= 0
}

/** No target counts as 4.0, and a program does not get a newer behaviour than its runtime has. */
export function effectiveTarget({ target, installed }: { target: string | null; installed: string }): string {
  const named = target ?? '4.0'
  return compareDotted(named, installed) > 0 ? installed : named
}

/** Members of SecurityProtocolType and SslProtocols; each holds the client's and the server's bit. */
const members: readonly (readonly [number, string])[] = [
  [12, 'Ssl2'],
  [48, 'Ssl3'],
  [192, 'Tls'],
  [768, 'Tls11'],
  [3072, 'Tls12'],
  [12288, 'Tls13'],
]

export const SSL3_TLS = 48 | 192
export const TLS_TO_12 = 192 | 768 | 3072
export const TLS_TO_13 = TLS_TO_12 | 12288

/** `Tls, Tls11` and `SystemDefault`, as .NET prints the enumeration. */
export function protocolNames(value: number): string {
  if (value === 0) return 'SystemDefault'
  const names = members.filter(([bits]) => (value & bits) === bits).map(([, name]) => name)
  const named = members.reduce((sum, [bits]) => ((value & bits) === bits ? sum | bits : sum), 0)
  return named === value ? names.join(', ') : String(value)
}

/**
 * Value of a member list or number: `Tls12`, `Tls11, Tls12`, `Tls11 | Tls12`, `3072`, `SecurityProtocolType.Tls12`. Undefined when a
 * part is none of them, in which case .NET refuses the text.
 */
export function parseProtocols(text: string): number | undefined {
  let value = 0
  for (const part of text.split(/[,|]/)) {
    const word = part.trim().replace(/^\(?(SecurityProtocolType|SslProtocols)\)?\.?/i, '')
    const known = members.find(([, name]) => name.toLowerCase() === word.toLowerCase())
    if (known) value |= known[0]
    else if (/^(0x[0-9a-f]+|\d+)$/i.test(word)) value |= Number(word)
    else if (/^default$/i.test(word)) value |= 240
    else if (!/^(none|systemdefault)$/i.test(word)) return undefined
  }
  return value
}

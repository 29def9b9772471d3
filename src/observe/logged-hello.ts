import { emptyOffer, highestOffered, type Offer } from '../model/offer.ts'
import type { HelloShape, UsageRow } from '../model/usage.ts'
import { TLS_1_2, TLS_1_3, type Version } from '../model/version.ts'
import { ja3, shapeOf } from '../wire/fingerprint.ts'
import type { Place, Reading } from './source.ts'
import { literal, type Sql } from './sql.ts'

/** The parts of a hello that a log may hold, in the order of their text. */
const helloParts = ['suites', 'extensions', 'groups', 'pointFormats'] as const
export type HelloPart = (typeof helloParts)[number]

/** Names of keys that hold lists of a hello as hex, as the fetches of HAProxy are called and as people shorten them. */
const keyNames: Readonly<Record<HelloPart, RegExp>> = {
  suites: /^(ssl_fc_)?(cipher_?list|client_?ciphers|cipher_?suites)(_bin)?(_hex)?$/i,
  extensions: /^(ssl_fc_)?(ext_?list|exts|extensions)(_bin)?(_hex)?$/i,
  groups: /^(ssl_fc_)?(ec_?list|groups|curves)(_bin)?(_hex)?$/i,
  pointFormats: /^(ssl_fc_)?(ec_?formats|point_?formats)(_bin)?(_hex)?$/i,
}

/** Which of the top keys hold the lists of hellos; null without those that make one. */
export function helloKeys(keys: Iterable<string>): Partial<Record<HelloPart, Place>> | null {
  const found: Partial<Record<HelloPart, Place>> = {}
  for (const key of keys)
    for (const part of helloParts) if (keyNames[part].test(key)) found[part] ??= { keys: [[key]] }
  return found.suites && found.extensions ? found : null
}

/** One text for what a line says of the hello: empty without suites. Takes the texts of the parts as the log has them. */
export function helloTextSql(helloId: Sql, agreed: Sql, parts: Partial<Record<HelloPart, Sql>>): Sql {
  const texts = helloParts.map(part => (parts[part] ? `upper(${parts[part]})` : "'?'"))
  return `if(match(${parts.suites ?? "''"}, '^[0-9A-Fa-f]+$'), concat(${helloId}, '|', toString(${agreed}), '|', ${texts.join(", '|', ")}), '')`
}

/**
 * The offer that such a text describes, or null when it cannot be one. A log has no contents of extensions but groups and point formats: which
 * versions beside TLS 1.3 extension 43 names is taken from the suites and from what was agreed, the signature schemes are taken for the usual
 * ones, as are groups that are not in the log.
 */
export function loggedOffer(text: string): Offer | null {
  const [helloId = '', agreedText = '', ...lists] = text.split('|')
  const legacyVersion = Number(helloId)
  const agreed = Number(agreedText)
  const suites = numbers(lists[0], 4)
  const extensions = numbers(lists[1], 4)
  if (!(legacyVersion >= 0x0300 && legacyVersion <= 0x0303) || !suites?.length || !extensions) return null
  // A hello of TLS 1.2 has extensions: where none is there, the buffer was full.
  if (extensions.length === 0 && legacyVersion >= TLS_1_2) return null
  const has = (type: number) => extensions.includes(type)
  const groups = numbers(lists[2], 4)
  const known = groups?.length ? groups : usualGroups
  return {
    ...emptyOffer(),
    recordVersion: 0x0301,
    legacyVersion,
    suites,
    compression: [0],
    extensions,
    withoutExtensions: extensions.length === 0,
    supportedVersions: has(43) ? versionsBehind(suites, agreed) : [],
    groups: has(10) ? known : [],
    pointFormats: has(11) ? (numbers(lists[3], 2) ?? [0]) : [],
    signatureSchemes: has(13) ? usualSchemes : [],
    keyShareGroups: has(51) ? known : [],
    pskModes: has(45) ? [1] : [],
    offersPsk: has(41),
    extendedMasterSecret: has(23),
    sessionTicket: has(35),
    ech: has(0xfe0d),
  }
}

function versionsBehind(suites: readonly number[], agreed: Version): Version[] {
  const isTls13 = (suite: number) => suite >> 8 === 0x13
  const isSignal = (suite: number) => suite === 0x00ff || suite === 0x5600
  return [
    ...(suites.some(isTls13) ? [TLS_1_3] : []),
    ...(suites.some(suite => !isTls13(suite) && !isSignal(suite)) ? [TLS_1_2] : []),
    ...(agreed > 0 && agreed < TLS_1_2 ? [agreed] : []),
  ]
}

/** x25519 and the curves of NIST: what nearly every client has. */
const usualGroups = [29, 23, 24, 25]
/** What nearly every client that sends the extension has among its schemes. */
const usualSchemes = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201]

/** Hex as numbers of so many digits; null when it is not that, which an absent list (`?`) is not either. */
function numbers(hex: string | undefined, digits: number): number[] | null {
  if (hex === undefined || hex.length % digits !== 0 || !/^[0-9A-F]*$/.test(hex)) return null
  return Array.from({ length: hex.length / digits }, (_, at) =>
    Number.parseInt(hex.slice(at * digits, (at + 1) * digits), 16),
  )
}

/** A reading whose rows carry the text of the hello in `shape`. */
export function withHelloText(reading: Reading): Reading {
  return reading.hello ? { ...reading, row: { ...reading.row, shape: reading.hello } } : reading
}

/** A reading whose rows carry the id of their shape, by what texts there are: `hash` is cityHash64 of each. */
export function withShapes(reading: Reading, texts: readonly { hash: string; text: string }[]): Reading {
  const known = texts.flatMap(({ hash, text }) => {
    const shape = shapeOfText(text)
    return shape ? [{ hash, id: shape.id, highest: highestOffered(shape.offer) }] : []
  })
  if (!reading.hello || known.length === 0) return reading
  const given = reading.row.offered_max ?? '0'
  const look = (values: readonly (string | number)[], otherwise: Sql) =>
    `transform(hello_hash, [${known.map(({ hash }) => `toUInt64('${hash}')`).join(', ')}], [${values.join(', ')}], ${otherwise})`
  return {
    ...reading,
    steps: { ...reading.steps, hello_hash: `cityHash64(${reading.hello})` },
    row: {
      ...reading.row,
      shape: look(
        known.map(({ id }) => literal(id)),
        "''",
      ),
      offered_max: `if((${given}) = 0, toUInt16(${look(
        known.map(({ highest }) => highest),
        '0',
      )}), ${given})`,
    },
  }
}

/** Turns the texts that stand in `shape` into shapes, each text once; rows get the id, and the highest version offered where they have none. */
export function loggedShapes(): { take(row: UsageRow): void; all(): HelloShape[] } {
  const byText = new Map<string, HelloShape | null>()
  return {
    take(row) {
      if (row.shape === '') return
      let shape = byText.get(row.shape)
      if (shape === undefined) {
        shape = shapeOfText(row.shape)
        byText.set(row.shape, shape)
      }
      row.shape = shape?.id ?? ''
      if (shape && row.offeredMax === 0) row.offeredMax = highestOffered(shape.offer)
    },
    all: () => [...byText.values()].filter(shape => shape !== null),
  }
}

/** The shape that such a text describes, or null. */
export function shapeOfText(text: string): HelloShape | null {
  const offer = loggedOffer(text)
  if (offer === null) return null
  // JA3 wants all four lists; JA4 wants the schemes and protocols, which no log has.
  return { ...shapeOf(offer), ja3: text.includes('?') ? '' : ja3(offer), ja4: '', ja4r: '' }
}

import type { Offer } from '../offer.ts'
import type { Prediction, ServerProfile } from '../prediction.ts'
import { alerts, refuse } from './answer.ts'
import { isGnuTls } from './gnutls.ts'
import { isJava } from './java.ts'
import { isOpenSsl } from './openssl.ts'

/**
 * What servers make of a server name (RFC 6066 section 3) that no host can have, such as `localhost:443`: clients send such. Found by trying some
 * forty names with each engine of the lab.
 */

/** GnuTLS and Java read the name once they have a version; OpenSSL hands it on as it is. */
export function refuseMalformedName(
  { sni, extensions }: Offer,
  profile: ServerProfile,
): Prediction | undefined {
  const isRead = isGnuTls(profile) || isJava(profile)
  if (
    !isRead ||
    sni === null ||
    !extensions.includes(0) ||
    (isJava(profile) ? hasHostLabels(sni) : hasHostLetters(sni))
  )
    return undefined
  const alert = sni === '' ? alerts.decodeError : alerts.illegalParameter
  return refuse('sni', alert, `the client names ${JSON.stringify(sni)}, which is no host name`)
}

/** Refuses hellos without a name where one is required, and names that OpenSSL does not take. */
export function refuseWithoutName(
  { sni, extensions }: Offer,
  profile: ServerProfile,
): Prediction | undefined {
  if (isOpenSsl(profile) && sni !== null && (sni.length > 255 || sni.includes('\0')))
    return refuse(
      'sni',
      alerts.unrecognizedName,
      'the name that the client sends is too long, or holds a zero',
    )
  if (profile.engine === 'haproxy' && sni === '')
    return refuse('sni', alerts.unrecognizedName, 'the client sends an empty name')
  if (!profile.requiresSni) return undefined
  if (!extensions.includes(0))
    return refuse(
      'sni',
      alerts.unrecognizedName,
      'the client names no host (SNI), and the server requires a name',
    )
  // nginx leaves a port out before it looks for the name.
  return isForeignName(profile.engine === 'haproxy' ? sni : (sni?.replace(/:\d+$/, '') ?? null))
    ? refuse(
        'sni',
        alerts.unrecognizedName,
        `the client names ${JSON.stringify(sni)}, for which no certificate can be`,
      )
    : undefined
}

/** A name that is in no certificate, whatever the certificates are; addresses are no names (RFC 6066). */
export function isForeignName(sni: string | null): boolean {
  return sni !== null && (!hasHostLetters(sni) || /^[\d.]+$/.test(sni))
}

function hasHostLetters(name: string): boolean {
  return /^[a-z0-9.-]+$/i.test(name)
}

/** Labels of up to 63 letters, digits and inner hyphens, with one dot between two. */
function hasHostLabels(name: string): boolean {
  return name.split('.').every(label => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label))
}

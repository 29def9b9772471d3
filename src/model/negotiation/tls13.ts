import { groupName, groupOf } from '../iana/groups.ts'
import type { Scheme } from '../iana/schemes.ts'
import { suiteOf } from '../iana/suites.ts'
import { type Offer, withoutGrease } from '../offer.ts'
import type { CertificateKey, Prediction, ServerProfile } from '../prediction.ts'
import { TLS_1_3 } from '../version.ts'
import {
  alerts,
  describeKeys,
  describeSuites,
  inDecidingOrder,
  namedSuites,
  refuse,
  refuseProtocols,
} from './answer.ts'
import { alertWithoutSchemes, favouriteGroup, isGnuTls } from './gnutls.ts'
import { alertWithoutGroup, alertWithoutSignature, isJava } from './java.ts'
import { isOpenSsl, levelAllowsGroup, levelAllowsSuite } from './openssl.ts'
import { certificateTaken, commonSchemes, keySigns, sendsSchemes, signsInTls13 } from './signing.ts'

/** RFC 8446 section 4.1.1: suite, group and signature scheme are chosen apart, and each must have something in common. */
export function negotiateTls13(offer: Offer, profile: ServerProfile): Prediction {
  const offered = namedSuites(offer, 'tls13')
  const suite = inDecidingOrder(offered, profile.suitesTls13, profile.suiteChoice).find(id =>
    levelAllowsSuite(profile, suiteOf(id)!),
  )
  const checks = {
    suite: () =>
      suite === undefined && !(profile.suitesTls13 === undefined && offered.length === 0)
        ? refuse(
            'suite',
            alerts.handshakeFailure,
            `no common TLS 1.3 suite: the client offers ${describeSuites(offered)}`,
          )
        : undefined,
    // A key share without groups is noticed as it is read.
    protocols: () =>
      offer.extensions.includes(51) && !offer.extensions.includes(10)
        ? refuseWithoutGroups(offer, profile)
        : refuseProtocols(offer, profile),
    schemes: () => refuseWithoutSchemes(offer, profile),
    common: () => refuseSchemes(offer, profile),
    shares: () => refuseWithoutShares(offer, profile),
    groups: () => refuseWithoutGroups(offer, profile),
    group: () => ('outcome' in share ? share : undefined),
    signature: () => refuseSignature(offer, profile),
  }
  const share = chooseGroup(offer, profile)
  for (const check of orderOf(profile)) {
    const refused = checks[check]()
    if (refused) return refused
  }
  if ('outcome' in share) return share
  return { outcome: 'accepted', version: TLS_1_3, suite: suite ?? 0, ...share }
}

type Check = 'suite' | 'protocols' | 'schemes' | 'common' | 'shares' | 'groups' | 'group' | 'signature'

/** What is looked at first decides by which clause and alert a hello fails that lacks several things. Found by trying: made-up hellos of the lab. */
function orderOf(profile: ServerProfile): readonly Check[] {
  if (isGnuTls(profile)) return ['suite', 'schemes', 'signature', 'shares', 'groups', 'group', 'protocols']
  if (isJava(profile))
    return ['schemes', 'common', 'shares', 'suite', 'groups', 'group', 'signature', 'protocols']
  return ['suite', 'protocols', 'schemes', 'shares', 'groups', 'group', 'signature']
}

/** Of the older curves TLS 1.3 kept three (RFC 8446 section 4.2.7); brainpool has numbers of its own there (RFC 8734). Case: wolfSSL. */
function isForTls13(group: number): boolean {
  return groupOf(group)?.kind !== 'ec' || (group >= 0x17 && group <= 0x19) || group >= 0x1d
}

function chooseGroup(
  offer: Offer,
  profile: ServerProfile,
): { group: number; helloRetryRequest: boolean } | Prediction {
  const wanted = withoutGrease(offer.groups).filter(isForTls13)
  const shares = withoutGrease(offer.keyShareGroups)
  if (profile.groups === undefined) return { group: shares[0] ?? wanted[0] ?? 0, helloRetryRequest: false }
  const accepted = profile.groups.filter(group => levelAllowsGroup(profile, group))
  if (isGnuTls(profile)) {
    const favourite = favouriteGroup(wanted, accepted, profile)
    if (favourite !== undefined) return { group: favourite, helloRetryRequest: !shares.includes(favourite) }
  }
  // OpenSSL and Java take the first share that they can use; others look for their own favourite among the shares.
  const takesFirst = isOpenSsl(profile) || isJava(profile)
  const order = takesFirst ? shares : inDecidingOrder(shares, accepted, profile.suiteChoice)
  const shared = order.find(group => accepted.includes(group) && wanted.includes(group))
  if (shared !== undefined) return { group: shared, helloRetryRequest: false }
  const common = isJava(profile)
    ? wanted.filter(group => accepted.includes(group))
    : accepted.filter(group => wanted.includes(group))
  const asked = common.find(group => groupOf(group)?.name !== undefined)
  if (asked !== undefined) return { group: asked, helloRetryRequest: true }
  return refuse(
    'group',
    alertWithoutGroup(profile),
    `no common group: the client offers ${wanted.map(groupName).join(', ') || 'none'}, and the server accepts ${profile.groups.map(groupName).join(', ')}`,
  )
}

/** RFC 8446 section 9.2: without a pre-shared key both key_share and supported_groups are mandatory. */
function refuseWithoutShares(offer: Offer, profile: ServerProfile): Prediction | undefined {
  if (profile.groups === undefined || offer.extensions.includes(51)) return undefined
  return refuse('group', alerts.missingExtension, 'the client offers TLS 1.3 without a key share')
}

function refuseWithoutGroups(offer: Offer, profile: ServerProfile): Prediction | undefined {
  if (profile.groups === undefined || offer.extensions.includes(10)) return undefined
  const alert = isGnuTls(profile) || isJava(profile) ? alertWithoutGroup(profile) : alerts.missingExtension
  return refuse('group', alert, 'the client offers TLS 1.3 without naming its groups')
}

/** RFC 8446 section 4.2.3 binds curves to schemes; Java takes any scheme of ECDSA for its key all the same. */
function signsFor(key: CertificateKey, scheme: Scheme, profile: ServerProfile): boolean {
  if (isJava(profile) && key.type === 'ecdsa') return scheme.key === 'ecdsa' && signsInTls13(scheme)
  return keySigns(key, scheme, true)
}

/** Java gives up as soon as it has read the schemes; whether one of them fits its key it asks later. */
function refuseSchemes(offer: Offer, profile: ServerProfile): Prediction | undefined {
  if (!sendsSchemes(offer) || commonSchemes(profile, offer.signatureSchemes).length > 0) return undefined
  return refuse(
    'signature',
    alerts.handshakeFailure,
    'no common signature scheme: the client takes none that the server makes',
  )
}

/** RFC 8446 section 9.2: with certificates signature_algorithms is mandatory; servers look for it before the groups. */
function refuseWithoutSchemes(offer: Offer, profile: ServerProfile): Prediction | undefined {
  const signs = profile.certificates !== undefined || profile.signatureSchemes !== undefined
  if (!signs || sendsSchemes(offer)) return undefined
  return refuse(
    'signature',
    alertWithoutSchemes(profile),
    'the client offers TLS 1.3 without naming the signatures it takes',
  )
}

function refuseSignature(offer: Offer, profile: ServerProfile): Prediction | undefined {
  const { certificates, signatureSchemes } = profile
  if (certificates === undefined && signatureSchemes === undefined) return undefined
  const common = commonSchemes(profile, offer.signatureSchemes)
  if (certificates === undefined)
    return common.some(signsInTls13)
      ? undefined
      : refuse(
          'signature',
          alerts.handshakeFailure,
          'no common signature scheme: the client takes none that the server makes in TLS 1.3',
        )
  const signers = certificates.filter(key => common.some(scheme => signsFor(key, scheme, profile)))
  if (signers.some(key => certificateTaken(key, offer, profile))) return undefined
  return refuse(
    'signature',
    alertWithoutSignature(profile),
    `no common signature scheme: the client takes none that the server makes with its ${describeKeys(certificates, groupName)} key`,
  )
}

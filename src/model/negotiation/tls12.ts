import { groupName, groupOf } from '../iana/groups.ts'
import type { Scheme } from '../iana/schemes.ts'
import { type Suite, suiteOf } from '../iana/suites.ts'
import { type Offer, withoutGrease } from '../offer.ts'
import type { CertificateKey, Clause, Prediction, ServerProfile } from '../prediction.ts'
import { TLS_1_1, TLS_1_2, type Version, versionName } from '../version.ts'
import {
  alerts,
  describeKeys,
  describeSuites,
  inDecidingOrder,
  namedSuites,
  refuse,
  refuseProtocols,
} from './answer.ts'
import { finiteFieldOf, isGnuTls, takesPssForDhe } from './gnutls.ts'
import { alertWithoutSignature, isJava, knowsNoGroup, usesCurveOfKey } from './java.ts'
import { isOpenSsl, levelAllowsDh, levelAllowsGroup, levelAllowsSuite, levelOf } from './openssl.ts'
import {
  certificateTaken,
  commonSchemes,
  impliedSchemes,
  keySigns,
  keyTypesOf,
  sendsSchemes,
} from './signing.ts'

const NIST_P256 = 0x0017

/** How far a suite came before it failed; the one that came furthest explains a refusal best. */
const stages = ['suite', 'certificate', 'group', 'signature'] as const satisfies readonly Clause[]
type Stage = (typeof stages)[number]

/**
 * TLS 1.2 and older: walks the common suites in deciding order and takes the first whose key exchange, authentication and signature both
 * sides can do (RFC 5246 section 7.4.1.3, RFC 8422).
 */
export function negotiateTls12(offer: Offer, profile: ServerProfile, version: Version): Prediction {
  const offered = namedSuites(offer, 'older')
  const situation: Situation = { offer, profile, version, ...keysAndGroups(offer, profile, version) }
  const noneShared = refuseWithoutCommonScheme(situation)
  if (noneShared) return noneShared
  let furthest: Stage = 'suite'
  for (const id of inDecidingOrder(offered, profile.suites, profile.suiteChoice)) {
    const suite = suiteOf(id)!
    const failed = failingStage(suite, situation)
    if (failed === undefined) {
      const late = refuseAfterChoice(suite, situation) ?? refuseProtocols(offer, profile)
      if (late) return late
      const group = suite.kx === 'ecdhe' ? (situation.curve ?? 0) : 0
      return { outcome: 'accepted', version, suite: id, group, helloRetryRequest: false }
    }
    if (stages.indexOf(failed) > stages.indexOf(furthest)) furthest = failed
  }
  if (furthest === 'suite' && profile.suites === undefined && profile.certificates === undefined)
    return (
      refuseProtocols(offer, profile) ?? {
        outcome: 'accepted',
        version,
        suite: 0,
        group: 0,
        helloRetryRequest: false,
      }
    )
  const alert = furthest === 'signature' ? alertWithoutSignature(profile) : alerts.handshakeFailure
  return refuse(furthest, alert, explain(furthest, offered, situation))
}

interface Situation {
  offer: Offer
  profile: ServerProfile
  version: Version
  /** Curve for ECDHE; undefined when there is none in common. 0: not constrained. */
  curve: number | undefined
  /** Schemes that both sides take (TLS 1.2 only). */
  schemes: ReturnType<typeof commonSchemes>
}

function keysAndGroups(
  offer: Offer,
  profile: ServerProfile,
  version: Version,
): Pick<Situation, 'curve' | 'schemes'> {
  const schemes =
    version === TLS_1_2
      ? commonSchemes(profile, sendsSchemes(offer) ? offer.signatureSchemes : schemesWithout(profile))
      : []
  return { curve: chooseCurve(offer, profile), schemes }
}

/** A hello without schemes means SHA-1 (RFC 5246 section 7.4.1.4.1); Java signs as it likes then. */
function schemesWithout(profile: ServerProfile): readonly number[] {
  return isJava(profile) ? (profile.signatureSchemes ?? impliedSchemes) : impliedSchemes
}

/** Hybrids, finite fields and the brainpool numbers of TLS 1.3 are no curves of TLS 1.2 (RFC 7919, RFC 8734). */
function isCurve(group: number): boolean {
  const kind = groupOf(group)?.kind
  return (kind === undefined || kind === 'ec') && !(group >= 0x1f && group <= 0x21)
}

function chooseCurve(offer: Offer, profile: ServerProfile): number | undefined {
  if (!offer.extensions.includes(10) || knowsNoGroup(offer, profile)) {
    if (profile.groups === undefined) return 0
    // RFC 8422 section 4 leaves the choice to the server: GnuTLS and Java take their first curve, OpenSSL, BoringSSL and Go leave ECDHE out.
    if (isGnuTls(profile) || isJava(profile)) return profile.groups.find(isCurve)
    const skips = isOpenSsl(profile) || profile.engine === 'go' || profile.engine === 'boringssl'
    return !skips && profile.groups.includes(NIST_P256) ? NIST_P256 : undefined
  }
  const curves = withoutGrease(offer.groups).filter(isCurve)
  const common = inDecidingOrder(curves, profile.groups, profile.suiteChoice).find(group =>
    levelAllowsGroup(profile, group),
  )
  // A profile that names no groups refuses nobody by group: the server behind a floor has the last word.
  return common ?? (profile.groups === undefined ? 0 : undefined)
}

/**
 * OpenSSL and Java give up before they look at suites when the client names the signatures it takes and none is common; naming only those for
 * certificates (extension 50) counts as naming none to OpenSSL. Found by trying: made-up hellos of the lab, Mono at a Java server of PSS only.
 */
function refuseWithoutCommonScheme({ offer, profile, version, schemes }: Situation): Prediction | undefined {
  if (!(isOpenSsl(profile) || isJava(profile)) || version !== TLS_1_2) return undefined
  if (sendsSchemes(offer) ? schemes.length > 0 : isJava(profile) || !offer.extensions.includes(50))
    return undefined
  return refuse(
    'signature',
    alerts.handshakeFailure,
    'no common signature scheme: the client takes none that the server makes',
  )
}

function failingStage(suite: Suite, situation: Situation): Stage | undefined {
  const { profile, version } = situation
  if (suite.minVersion > version || (suite.export && version >= TLS_1_1)) return 'suite'
  if (!levelAllowsSuite(profile, suite) || !keyExchangeConfigured(suite, profile)) return 'suite'
  const keys = usableKeys(suite, situation)
  if (keys !== undefined && keys.length === 0) return 'certificate'
  if (suite.kx === 'ecdhe' && situation.curve === undefined) return 'group'
  if (lacksFiniteField(suite, situation)) return 'group'
  return signs(suite, keys, situation) ? undefined : 'signature'
}

function lacksFiniteField(suite: Suite, { offer, profile }: Situation): boolean {
  return suite.kx === 'dhe' && isGnuTls(profile) && finiteFieldOf(offer, profile) === 'no group'
}

/** Pre-shared keys, passwords and tickets of other systems need a set-up that a profile with certificates does not have. */
function keyExchangeConfigured(suite: Suite, profile: ServerProfile): boolean {
  if (suite.kx === 'dhe' && isGnuTls(profile)) return true
  if (suite.kx === 'dhe' && profile.dhBits !== undefined)
    return profile.dhBits > 0 && (!isOpenSsl(profile) || levelAllowsDh(profile, profile.dhBits))
  if (profile.certificates === undefined) return true
  const kxKnown = suite.kx === 'rsa' || suite.kx === 'dhe' || suite.kx === 'ecdhe' || suite.kx === 'ecdh'
  return kxKnown && (isAnonymous(suite) || keyTypesOf(suite).length > 0)
}

function isAnonymous(suite: Suite): boolean {
  return suite.auth === 'anon'
}

/** The server's keys that can stand behind the suite; undefined when no key is needed or the profile says nothing of keys. */
function usableKeys(
  suite: Suite,
  { offer, profile, version, schemes }: Situation,
): CertificateKey[] | undefined {
  if (profile.certificates === undefined || isAnonymous(suite)) return undefined
  const types = keyTypesOf(suite)
  return profile.certificates.filter(key => {
    if (!types.includes(key.type)) return false
    if (key.type === 'ecdsa')
      return isGnuTls(profile) || (takesCurveOfKey(offer, key.group) && usesCurveOfKey(profile, key.group))
    // Newer keys came to TLS 1.2 by signature_algorithms (RFC 8422 section 5.10, RFC 8446 section 4.2.3).
    if (key.type === 'rsa-pss' && takesPssForDhe(suite, offer, profile, version)) return true
    if (key.type === 'rsa-pss' || key.type === 'ed25519' || key.type === 'ed448')
      return version === TLS_1_2 && (isJava(profile) || schemes.some(scheme => scheme.key === key.type))
    return true
  })
}

/** RFC 8422 section 5.1: the groups extension speaks for certificates too, and so do the point formats. */
function takesCurveOfKey(offer: Offer, group: number): boolean {
  if (offer.extensions.includes(11) && !offer.pointFormats.includes(0)) return false
  return !offer.extensions.includes(10) || offer.groups.includes(group)
}

/** TLS 1.2 leaves any hash to any curve; Java binds them as TLS 1.3 does (and does not in TLS 1.3). */
function signsFor(key: CertificateKey, scheme: Scheme, profile: ServerProfile): boolean {
  if (isJava(profile) && key.type === 'ecdsa' && scheme.curve !== undefined && scheme.curve !== key.group)
    return false
  return keySigns(key, scheme, false)
}

/** Whether some key can sign so that the client takes it. Before TLS 1.2 there is nothing to agree on. */
function signs(
  suite: Suite,
  keys: CertificateKey[] | undefined,
  { offer, profile, version, schemes }: Situation,
): boolean {
  if (version !== TLS_1_2 || isAnonymous(suite)) return true
  // OpenSSL (with RSA suites) and Java have chosen by then and look for a scheme afterwards, see refuseAfterChoice.
  if (isJava(profile) || (isOpenSsl(profile) && suite.auth === 'rsa')) return true
  if (suite.kx === 'rsa') return true
  const types = keyTypesOf(suite)
  if (types.length === 0) return true
  if (keys === undefined)
    return (
      profile.signatureSchemes === undefined ||
      schemes.some(scheme => types.some(type => type === scheme.key))
    )
  return keys.some(
    key => schemes.some(scheme => signsFor(key, scheme, profile)) && certificateTaken(key, offer, profile),
  )
}

/** What OpenSSL, GnuTLS and Java find only after they have settled on a suite: they do not go on to the next one then. */
function refuseAfterChoice(suite: Suite, situation: Situation): Prediction | undefined {
  const { offer, profile, version, schemes } = situation
  if (suite.kx === 'dhe' && isGnuTls(profile) && finiteFieldOf(offer, profile) === 'no parameters')
    return refuse('suite', alerts.internalError, 'the server has chosen DHE and has no parameters for it')
  if (isJava(profile) && (version < TLS_1_2 || suite.kx === 'rsa')) return undefined
  if (!(isOpenSsl(profile) || isJava(profile)) || keyTypesOf(suite).length === 0) return undefined
  if (version < TLS_1_2)
    return levelOf(profile) === 0
      ? undefined
      : refuse(
          'signature',
          alerts.internalError,
          `signatures of ${versionName(version)} rest on MD5 and SHA-1, which OpenSSL 3 allows at security level 0 only`,
        )
  const keys = usableKeys(suite, situation)
  const fits = keys
    ? keys.some(
        key =>
          schemes.some(scheme => signsFor(key, scheme, profile)) && certificateTaken(key, offer, profile),
      )
    : profile.signatureSchemes === undefined ||
      schemes.some(scheme => keyTypesOf(suite).some(type => type === scheme.key))
  if (fits) return undefined
  const alert = isJava(profile) ? alerts.internalError : alerts.handshakeFailure
  return refuse('signature', alert, explain('signature', [suite.id], situation))
}

function explain(stage: Stage, offered: readonly number[], situation: Situation): string {
  const { offer, profile, version } = situation
  const keys = profile.certificates ? describeKeys(profile.certificates, groupName) : 'any'
  if (stage === 'group' && isGnuTls(profile) && situation.curve !== undefined)
    return 'the client names finite-field groups for DHE (RFC 7919), and the server has none of them'
  if (stage === 'group')
    return `no common curve for ECDHE in ${versionName(version)}: the client offers ${withoutGrease(offer.groups).map(groupName).join(', ') || 'none'}, and the server accepts ${profile.groups?.map(groupName).join(', ') ?? 'any'}`
  if (stage === 'certificate')
    return `no common suite for the server's ${keys} certificate: the client offers ${describeSuites(offered)}`
  if (stage === 'signature')
    return sendsSchemes(offer)
      ? `no common signature scheme: the client takes none that the server makes with its ${keys} key`
      : 'the client names no signatures, which means SHA-1 only (RFC 5246 section 7.4.1.4.1), and the server does not make those'
  return `no common suite in ${versionName(version)}: the client offers ${describeSuites(offered)}${profile.suites ? `, none of them among the ${profile.suites.length} that the server accepts` : ''}`
}

/**
 * OpenSSL's name of a suite, made from the IANA name by the rules that OpenSSL's own list follows (`openssl ciphers -stdname`, 3.0 and,
 * for the suites that were removed since, 1.0.2). Undefined for suites that OpenSSL never had.
 */
export function opensslSuiteName(id: number, name: string): string | undefined {
  if (id >> 8 === 0x13) return id <= 0x1305 ? name : undefined
  const parts = /^TLS_([A-Za-z0-9_]+?)(_EXPORT)?(1024)?_WITH_(.+)$/.exec(name)
  if (!parts) return undefined
  const [, kx, exported, strength, rest] = parts as unknown as [string, string, string?, string?, string?]
  const prefix = prefixes[kx]
  const cipher = cipherName(kx, rest!)
  if (prefix === undefined || cipher === undefined || (id >= 0xcc13 && id <= 0xcc15)) return undefined
  // The one family that leaves out its authentication: ECDHE-ARIA128-GCM-SHA256.
  const shortened = kx === 'ECDHE_RSA' && rest!.startsWith('ARIA') ? 'ECDHE-' : prefix
  return `${exported ? `EXP${strength ?? ''}-` : ''}${shortened}${cipher}`
}

const prefixes: Record<string, string> = {
  RSA: '',
  DH_DSS: 'DH-DSS-',
  DH_RSA: 'DH-RSA-',
  DHE_DSS: 'DHE-DSS-',
  DHE_RSA: 'DHE-RSA-',
  DH_anon: 'ADH-',
  ECDH_ECDSA: 'ECDH-ECDSA-',
  ECDH_RSA: 'ECDH-RSA-',
  ECDHE_ECDSA: 'ECDHE-ECDSA-',
  ECDHE_RSA: 'ECDHE-RSA-',
  ECDH_anon: 'AECDH-',
  PSK: 'PSK-',
  RSA_PSK: 'RSA-PSK-',
  DHE_PSK: 'DHE-PSK-',
  PSK_DHE: 'DHE-PSK-',
  ECDHE_PSK: 'ECDHE-PSK-',
  SRP_SHA: 'SRP-',
  SRP_SHA_RSA: 'SRP-RSA-',
  SRP_SHA_DSS: 'SRP-DSS-',
}

function cipherName(kx: string, rest: string): string | undefined {
  const keepsCbc = kx.includes('PSK') || kx.startsWith('SRP')
  const sized = /^(AES|CAMELLIA|ARIA)_(128|256)_(CBC|GCM|CCM|CCM_8)(?:_(SHA\d*))?$/.exec(rest)
  if (sized) {
    const [, cipher, bits, mode, hash] = sized
    if (cipher === 'CAMELLIA' && mode === 'GCM') return undefined
    if (cipher === 'ARIA' && mode === 'CBC') return undefined
    if (mode === 'CCM' || mode === 'CCM_8')
      return hash ? undefined : `${cipher}${bits}-${mode.replace('_', '')}`
    const dash = kx.startsWith('SRP') ? '-' : ''
    const middle = mode === 'GCM' ? '-GCM' : keepsCbc && cipher === 'AES' ? '-CBC' : ''
    return `${cipher}${dash}${bits}${middle}-${hash}`
  }
  const tripleDes = keepsCbc ? '3DES-EDE-CBC-SHA' : 'DES-CBC3-SHA'
  return {
    '3DES_EDE_CBC_SHA': tripleDes,
    CHACHA20_POLY1305_SHA256: 'CHACHA20-POLY1305',
    DES_CBC_SHA: 'DES-CBC-SHA',
    DES40_CBC_SHA: 'DES-CBC-SHA',
    IDEA_CBC_SHA: 'IDEA-CBC-SHA',
    NULL_MD5: 'NULL-MD5',
    NULL_SHA: 'NULL-SHA',
    NULL_SHA256: 'NULL-SHA256',
    NULL_SHA384: 'NULL-SHA384',
    RC2_CBC_40_MD5: 'RC2-CBC-MD5',
    RC2_CBC_56_MD5: 'RC2-CBC-MD5',
    RC4_128_MD5: 'RC4-MD5',
    RC4_128_SHA: 'RC4-SHA',
    RC4_40_MD5: 'RC4-MD5',
    RC4_56_MD5: 'RC4-MD5',
    RC4_56_SHA: 'RC4-SHA',
    SEED_CBC_SHA: 'SEED-SHA',
  }[rest]
}

import { spawnSync } from 'node:child_process'
import { getCiphers } from 'node:tls'
import { expect, test } from 'vitest'
import { alertByName, alertName } from '../../src/model/iana/alerts.ts'
import { groupByName, groupName, groups } from '../../src/model/iana/groups.ts'
import { schemeByName, schemeName, schemes } from '../../src/model/iana/schemes.ts'
import { suiteByName, suiteName, suiteOf, suites } from '../../src/model/iana/suites.ts'

const openssl = spawnSync('openssl', ['ciphers', '-stdname', '-V', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], {
  encoding: 'utf8',
})
const listed = (openssl.stdout ?? '')
  .split('\n')
  .map(line => /0x(..),0x(..) - (\S+) +- (\S+) +(\S+) +Kx=(\S+) +Au=(\S+) +Enc=(\S+) +Mac=(\S+)/.exec(line))
  .filter(match => match !== null)

test('suites are classified by the parts of their names', () => {
  expect(suiteOf(0xc02f)).toEqual({
    id: 0xc02f,
    name: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
    opensslName: 'ECDHE-RSA-AES128-GCM-SHA256',
    kx: 'ecdhe',
    auth: 'rsa',
    cipher: 'AES',
    bits: 128,
    mode: 'aead',
    hash: 'sha256',
    minVersion: 0x0303,
    export: false,
  })
  expect(suiteOf(0x0003)).toMatchObject({ kx: 'rsa', cipher: 'RC4', bits: 40, mode: 'stream', export: true })
  expect(suiteOf(0x0062)).toMatchObject({ cipher: 'DES', bits: 56, mode: 'cbc', export: true })
  expect(suiteOf(0x000a)).toMatchObject({ cipher: '3DES', bits: 168, mode: 'cbc', minVersion: 0x0300 })
  expect(suiteOf(0x1303)).toMatchObject({
    kx: 'any',
    auth: 'any',
    cipher: 'CHACHA20',
    bits: 256,
    minVersion: 0x0304,
  })
  expect(suiteOf(0x1305)).toMatchObject({ cipher: 'AES', bits: 128, mode: 'aead', hash: 'sha256' })
  expect(suiteOf(0xc0b4)).toMatchObject({ cipher: 'NULL', bits: 0, mode: 'null', minVersion: 0x0304 })
  expect(suiteOf(0x0000)).toMatchObject({ cipher: 'NULL', auth: 'anon' })
  expect(suiteOf(0xc104)).toMatchObject({ cipher: 'MAGMA', mode: 'aead', minVersion: 0x0304 })
  expect(suiteOf(0x00ff)).toBeUndefined()
  expect(suiteOf(0x0a0a)).toBeUndefined()
  expect(suiteName(0x5600)).toBe('TLS_FALLBACK_SCSV')
  expect(suiteName(0x9999)).toBe('0x9999')
})

test('every suite has a complete classification and is found by its name', () => {
  for (const suite of suites) {
    expect(suite.kx, suite.name).toBeDefined()
    expect(Number.isInteger(suite.bits), suite.name).toBe(true)
    expect(suite.mode === 'null' || suite.bits > 0, suite.name).toBe(true)
    const found = suiteByName(suite.name)!
    expect(found.name).toBe(suite.name)
  }
  expect(suites.length).toBeGreaterThan(340)
  expect(suiteByName('TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256')!.id).toBe(0xcca8)
  expect(suiteByName('EDH-RSA-DES-CBC3-SHA')!.id).toBe(0x0016)
  expect(suiteByName('exp-rc4-md5')!.id).toBe(0x0003)
  expect(suiteByName('SSL_RSA_WITH_RC4_128_MD5')!.id).toBe(0x0004)
  expect(suiteByName('0xC02F')!.id).toBe(0xc02f)
  expect(suiteByName('no such suite')).toBeUndefined()
})

test.skipIf(listed.length === 0)('names and classes agree with openssl (skipped: no openssl)', () => {
  const keyExchange: Record<string, string> = {
    RSA: 'rsa',
    DH: 'dhe',
    ECDH: 'ecdhe',
    PSK: 'psk',
    RSAPSK: 'rsa',
    DHEPSK: 'dhe',
    ECDHEPSK: 'ecdhe',
    SRP: 'srp',
    any: 'any',
  }
  const authentication: Record<string, string> = {
    RSA: 'rsa',
    DSS: 'dss',
    ECDSA: 'ecdsa',
    None: 'anon',
    PSK: 'psk',
    SRP: 'srp',
    any: 'any',
  }
  const oldest: Record<string, number> = {
    SSLv3: 0x0300,
    TLSv1: 0x0301,
    'TLSv1.2': 0x0303,
    'TLSv1.3': 0x0304,
  }
  for (const [, high, low, ianaName, name, version, kx, auth, enc, mac] of listed) {
    const suite = suiteOf(Number.parseInt(high! + low!, 16))!
    expect([suite.name, suite.opensslName]).toEqual([ianaName, name])
    expect([suite.name, suite.kx]).toEqual([ianaName, keyExchange[kx!]])
    // OpenSSL counts RSA_PSK as authenticated by RSA: the key exchange itself needs the certificate.
    if (kx !== 'RSAPSK') expect([suite.name, suite.auth]).toEqual([ianaName, authentication[auth!]])
    expect([suite.name, suite.minVersion]).toEqual([ianaName, oldest[version!]])
    expect([suite.name, suite.bits]).toEqual([ianaName, Number(/\((\d+)\)/.exec(enc!)?.[1] ?? 0)])
    expect([suite.name, suite.mode === 'aead']).toEqual([ianaName, mac === 'AEAD'])
  }
  expect(listed.length).toBeGreaterThan(50)
})

test("Node's own suites are found by name", () => {
  for (const name of getCiphers()) expect(suiteByName(name), name).toBeDefined()
})

test('groups, schemes and alerts have names and are found by them', () => {
  expect(groupName(0x11ec)).toBe('X25519MLKEM768')
  expect(groupByName('prime256v1')!.id).toBe(0x17)
  expect(groupByName('X25519')!.id).toBe(0x1d)
  expect(groupName(0xeeee)).toBe('0xeeee')
  for (const group of groups) expect(groupByName(group.name)).toEqual(group)
  expect(schemeName(0x0202)).toBe('dsa_sha1')
  expect(schemeByName('RSA+SHA256')!.id).toBe(0x0401)
  expect(schemeByName('ECDSA+SHA384')!.id).toBe(0x0503)
  for (const scheme of schemes) expect(schemeByName(scheme.name)).toEqual(scheme)
  expect(new Set(schemes.map(scheme => scheme.id)).size).toBe(schemes.length)
  expect(alertName(70)).toBe('protocol_version')
  expect(alertByName('handshake_failure')).toBe(40)
  expect(alertName(77)).toBe('alert 77')
})

import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { copyFileSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { labPath } from './place.ts'
import { preparedFolder } from './prepared.ts'
import { clientFile, everyVariant, type Recipe, type Variant } from './recipe.ts'
import { missingProgram } from './recipes-command-line.ts'

const wine = '/usr/lib/wine/wine64'

/** Wine's Schannel rests on GnuTLS, whose system-wide settings cap it without touching the registry. */
const disabled: Record<Variant, string[]> = {
  'tls1.0': ['tls1.3', 'tls1.2', 'tls1.1'],
  'tls1.1': ['tls1.3', 'tls1.2'],
  'tls1.2': ['tls1.3'],
  default: [],
}

export const wineWinHttp: Recipe = {
  id: 'wine-winhttp',
  title: 'WinHTTP by Windows Script Host, in Wine',
  needs: 'wine64 wine, and node scripts/lab.mjs',
  variants: everyVariant,
  names: 'localhost',
  slow: true,
  missing: () =>
    missingProgram('wine') ??
    (existsSync(labPath('wine')) ? undefined : 'not prepared, see node scripts/lab.mjs'),
  invoke(variant, { port, name, caFile, path }) {
    const env = { WINEPREFIX: labPath('wine'), WINEDEBUG: '-all', DISPLAY: undefined }
    const folder = preparedFolder('wine-client', [caFile, clientFile('client.js')], at => {
      copyFileSync(clientFile('client.js'), join(at, 'client.js'))
      writeFileSync(join(at, 'ca.reg'), registryFile(readFileSync(caFile)))
      for (const [name, versions] of Object.entries(disabled))
        writeFileSync(
          join(at, `${name}.gnutls`),
          `[overrides]\n${versions.map(version => `disabled-version = ${version}\n`).join('')}`,
        )
      const log = openSync(join(at, 'regedit.log'), 'w')
      execFileSync(wine, ['regedit', '/S', 'ca.reg'], {
        cwd: at,
        env: { ...process.env, ...env },
        stdio: ['ignore', log, log],
      })
    })
    return {
      file: wine,
      // cscript takes an argument that begins with / for an option, so the script is named relative to its folder.
      args: ['cscript', '//nologo', 'client.js', `https://${name}:${port}${path}`],
      cwd: folder,
      env: {
        ...env,
        ...(disabled[variant].length > 0 && {
          GNUTLS_SYSTEM_PRIORITY_FILE: join(folder, `${variant}.gnutls`),
        }),
      },
    }
  },
}

/** Trusts the certificate: a serialized store entry with properties 3 (SHA-1) and 32 (the certificate). */
function registryFile(pem: Buffer): string {
  const certificate = new X509Certificate(pem)
  const sha1 = Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex')
  const property = (id: number, data: Buffer) => {
    const head = Buffer.alloc(12)
    head.writeUInt32LE(id, 0)
    head.writeUInt32LE(1, 4)
    head.writeUInt32LE(data.length, 8)
    return Buffer.concat([head, data])
  }
  const blob = Buffer.concat([property(3, sha1), property(32, certificate.raw)])
  const hex = [...blob].map(byte => byte.toString(16).padStart(2, '0')).join(',')
  const key = `HKEY_CURRENT_USER\\Software\\Microsoft\\SystemCertificates\\Root\\Certificates\\${sha1.toString('hex').toUpperCase()}`
  return `REGEDIT4\r\n\r\n[${key}]\r\n"Blob"=hex:${hex}\r\n`
}

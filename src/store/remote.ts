import { Fault } from '../base/fault.ts'
import { quote } from './columns.ts'
import type { Database } from './database.ts'
import { compressionOf, type LineFormat, type LogFile } from './files.ts'

/** Logs that the engine fetches by itself: `https://…`, `s3://bucket/key`, `azblob://container/blob`. */
export function isRemote(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

type Env = Readonly<Record<string, string | undefined>>

/** What the engine reads of an object, as a table function of it. Secrets may stand in there: it goes to the embedded engine only. */
type Table = (format: LineFormat | 'One', compression: string) => string

/** An address as people may see it: without password, and without the query, in which signatures travel. */
export function addressText(text: string): string {
  return text.replace(/^([a-z0-9+.-]+:\/\/)[^/?#]*@/i, '$1').replace(/[?#].*$/s, '?…')
}

/**
 * The logs at an address: one, or in S3 and Azure all below a folder (`…/`) or that fit a pattern with `*`, `**` and `?`, in order of their
 * names. Credentials come from the usual variables: for S3 `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` (read by the engine
 * itself), `AWS_REGION`, `AWS_ENDPOINT_URL`; for Azure `AZURE_STORAGE_CONNECTION_STRING`, or `AZURE_STORAGE_ACCOUNT` with `AZURE_STORAGE_KEY` or
 * `AZURE_STORAGE_SAS_TOKEN`. Throws Faults: usage (an address of no kind that is known), input (nothing there), unreachable.
 */
export async function openRemote(db: Database, text: string, env: Env): Promise<LogFile[]> {
  const name = addressText(text)
  const scheme = text.slice(0, text.indexOf(':')).toLowerCase()
  try {
    if (scheme === 'http' || scheme === 'https') return [await opened(db, name, webTable(text, name))]
    if (scheme === 's3') return await openAll(db, text, path => s3Table(path, env))
    if (scheme === 'azblob') return await openAll(db, text, path => azureTable(path, env))
  } catch (error) {
    throw explainRemote(error, name)
  }
  throw new Fault('usage', 'address', `${name}: logs are not read from ${scheme}://`, {
    hint: 'https://…, s3://bucket/key or azblob://container/blob; or a file of this machine',
  })
}

/**
 * What went wrong with a log elsewhere, as a Fault without the words of the engine: these repeat the address with all that is secret in it.
 * Anything but an error of the engine is answered as it is.
 */
export function explainRemote(error: unknown, name: string): unknown {
  if (error instanceof Fault || !(error instanceof Error) || !('type' in error)) return error
  const { message } = error
  const status = /(?:status code|response code|^|\s)[: ]*([345]\d\d)\b/.exec(message)?.[1]
  const fault = (kind: 'input' | 'unreachable', code: string, why: string, hint: string) =>
    new Fault(kind, code, `cannot read ${name}: ${why}`, { hint })
  if (error.type === 'DNS_ERROR')
    return fault('unreachable', 'remote-silent', 'no such host', 'is the name right, and is there a network?')
  if (status === '404' || /NoSuchKey|NoSuchBucket|(blob|container) does not exist/.test(message))
    return fault(
      'input',
      'no-such-file',
      'there is nothing at this address',
      'check the address, letter by letter',
    )
  if (status === '401' || status === '403')
    return fault('unreachable', 'remote-refuses', `access is refused (${status})`, credentialsHint(name))
  if (/refused/i.test(message))
    return fault('unreachable', 'remote-silent', 'nobody listens there', 'is the address right?')
  if (/timeout|timed out/i.test(message))
    return fault('unreachable', 'remote-silent', 'no answer in time', 'try again')
  if (/SSL|certificate/i.test(message))
    return fault(
      'unreachable',
      'remote-tls',
      'no TLS connection comes about',
      'does the host speak TLS, with a certificate that is valid here?',
    )
  if (brokenTypes.test(String(error.type)))
    return fault(
      'input',
      'file-broken',
      'it is broken',
      'fetch it first: what can be read of a file here is read',
    )
  return fault(
    'unreachable',
    'remote-broken',
    status ? `it answers ${status}` : 'the transfer broke off',
    'try again: what was not taken in whole does not count',
  )
}

const brokenTypes = /_DECODER_FAILED|INFLATE_FAILED|CANNOT_DECOMPRESS/

function credentialsHint(name: string): string {
  if (name.startsWith('s3:'))
    return 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_REGION where the bucket is elsewhere'
  if (name.startsWith('azblob:'))
    return 'set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY'
  return 'name an address that holds its own signature, or https://user:password@host/…'
}

function webTable(text: string, name: string): Table {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new Fault('usage', 'address', `${name} is not a valid address`, {
      hint: 'https://host/path/access.log',
    })
  }
  if (url.protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname))
    throw new Fault(
      'usage',
      'address-plain',
      `${name}: logs name people and hosts, and http:// shows them to all on the way`,
      {
        hint: `https:${name.slice('http:'.length)}`,
      },
    )
  const { username, password } = url
  url.username = ''
  url.password = ''
  url.hash = ''
  // Signs that the engine takes for a pattern or for a choice of addresses.
  const address = url.href.replace(/[{}*|]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    'base64',
  )
  const headers = username === '' ? '' : `, headers('Authorization' = ${quote(`Basic ${login}`)})`
  return (format, compression) =>
    `url(${quote(address)}, '${format}', 'line String', '${compression}'${headers})`
}

function s3Table(path: string, env: Env): Table {
  const [, bucket = '', key = ''] = /^([^/]*)\/?(.*)$/s.exec(path)!
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL
  const host = region ? `s3.${region}.amazonaws.com` : 's3.amazonaws.com'
  const base = endpoint
    ? `${endpoint.replace(/\/$/, '')}/${bucket}`
    : bucket.includes('.')
      ? `https://${host}/${bucket}`
      : `https://${bucket}.${host}`
  return (format, compression) =>
    format === 'One'
      ? `s3(${quote(`${base}/${key}`)}, 'One')`
      : `s3(${quote(`${base}/${key}`)}, '${format}', 'line String', '${compression}')`
}

function azureTable(path: string, env: Env): Table {
  const [, container = '', blob = ''] = /^([^/]*)\/?(.*)$/s.exec(path)!
  const account = env.AZURE_STORAGE_ACCOUNT
  const sas = env.AZURE_STORAGE_SAS_TOKEN?.replace(/^\?/, '')
  const connection =
    env.AZURE_STORAGE_CONNECTION_STRING ||
    (account && `https://${account}.blob.core.windows.net${sas ? `?${sas}` : ''}`)
  if (!connection)
    throw new Fault('usage', 'azure-account', 'which storage account?', {
      hint: 'AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN',
    })
  const key = env.AZURE_STORAGE_CONNECTION_STRING ? undefined : env.AZURE_STORAGE_KEY
  const login = account && key ? `, ${quote(account)}, ${quote(key)}` : ''
  return (format, compression) => {
    const rest = format === 'One' ? `'One'` : `'${format}', '${compression}', 'line String'`
    return `azureBlobStorage(${[connection, container, blob].map(quote).join(', ')}${login}, ${rest})`
  }
}

/** Names in which the engine would see a pattern cannot be asked for one by one. */
const pattern = /[*?{}]/

async function openAll(db: Database, text: string, tableOf: (path: string) => Table): Promise<LogFile[]> {
  const scheme = text.slice(0, text.indexOf('://') + 3)
  const path = text.slice(scheme.length)
  if (!/^[^/]+/.test(path))
    throw new Fault('usage', 'address', `${text} names no ${scheme === 's3://' ? 'bucket' : 'container'}`, {
      hint: `${scheme}NAME/path/access.log`,
    })
  const isFolder = path.endsWith('/') || !path.includes('/')
  if (!isFolder && !pattern.test(path)) return [await opened(db, text, tableOf(path))]
  const wanted = isFolder ? `${path.replace(/\/$/, '')}/**` : path
  const found = await db.rows<{ path: string }>(
    `SELECT DISTINCT _path AS path FROM ${tableOf(wanted)('One', 'none')} WHERE _size > 0 ORDER BY path`,
  )
  if (found.length === 0)
    throw new Fault('input', 'no-such-file', `${text}: nothing there`, {
      hint: 'check the address, letter by letter',
    })
  const bucket = path.split('/')[0]!
  const files: LogFile[] = []
  for (const object of found) {
    const name = object.path.startsWith(`${bucket}/`) ? object.path : `${bucket}/${object.path}`
    if (pattern.test(name))
      throw new Fault(
        'input',
        'object-name',
        `${scheme}${name}: a name with *, ?, { or } cannot be asked for`,
        {
          hint: 'copy it under another name',
        },
      )
    files.push(await opened(db, `${scheme}${name}`, tableOf(name)))
  }
  return files
}

/** Looks at the first bytes, which tell how it is compressed. */
async function opened(db: Database, name: string, table: Table): Promise<LogFile> {
  const [first] = await db.rows<{ start: string; size: number | null; written: number | null }>(
    `SELECT hex(substring(line, 1, 6)) AS start, _size AS size, toUnixTimestamp(_time) * 1000 AS written
     FROM ${table('LineAsString', 'none')} LIMIT 1`,
  )
  const compression = compressionOf(Buffer.from(first?.start ?? '', 'hex'))
  if (compression === 'bz2')
    throw new Fault('input', 'packed-by-bzip2', `${name} is packed with bzip2, which is not read from afar`, {
      hint: 'fetch it first, and read the file',
    })
  return {
    path: '',
    name,
    compression,
    sizeBytes: Number(first?.size ?? 0),
    writtenMs: Number(first?.written ?? 0) || Date.now(),
    notes: [],
    table: format => table(format, compression),
  }
}

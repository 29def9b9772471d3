import { mkdirSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { ClickHouseClient, ClickHouseClientConfigOptions, ClickHouseSettings } from '@clickhouse/client'
import { Fault } from '../base/fault.ts'
import { quote } from './columns.ts'
import { type Location, locationText } from './location.ts'
import { lockDirectory } from './lock.ts'
import { type Params, withValues } from './statement.ts'
import { inTurn } from './turns.ts'

export type { Params }

/** The two packages describe the same interface by types of their own. */
type Injected = NonNullable<ClickHouseClientConfigOptions['connection']>

/** The one way to the engine, embedded or not. Statements are SQL of ClickHouse; values travel as `{name:Type}` parameters. */
export interface Database {
  /** `embedded` reads local files by itself; to a `server` they are sent. */
  kind: 'embedded' | 'server'
  /** As people may see it. */
  where: string
  rows<Row>(sql: string, params?: Params): Promise<Row[]>
  /** The answer in the format RowBinary, for many rows: several times faster than as JSON. */
  binary(sql: string, params?: Params): Promise<Buffer>
  run(sql: string, params?: Params): Promise<void>
  insert(table: string, rows: readonly object[]): Promise<void>
  /** `INSERT … SELECT … FROM input(…)` with the body sent along; only on a server. `queryId` lets another attempt end this one. */
  send(sql: string, body: Readable, queryId: string): Promise<void>
  /**
   * Where an engine that is not this database can write to: a table function, for `INSERT INTO FUNCTION`. Only of a server, whose tables the
   * embedded engine of this process fills with what it reads here.
   */
  target(insert: string, structure: string, queryId: string): string
  /** How far the statements are that the embedded engine runs at this moment; of a server nothing is known. */
  progress(): Promise<Progress>
  /** Breaks off what the embedded engine runs: its statements fail with the code of `isCancelled`. */
  cancel(): Promise<void>
  close(): Promise<void>
}

export interface Progress {
  readRows: number
  readBytes: number
  /** In all tables that a statement fills. */
  writtenRows: number
}

/** Whether an error comes of `cancel`. */
export function isCancelled(error: unknown): boolean {
  return (error as { type?: string }).type === 'QUERY_WAS_CANCELLED'
}

/**
 * Opens the engine. The embedded one belongs to one process: its directory is locked, and a second opener is told who holds it.
 * Throws an environment Fault when the engine is not installed, an unreachable Fault when a server does not answer.
 */
export async function openDatabase(location: Location): Promise<Database> {
  return location.kind === 'server' ? openServer(location) : openEmbedded(location)
}

/** Statements that read and run beside each other in the embedded engine. */
const questionsAtOnce = 3

/**
 * Values stand in the statements of the embedded engine: those that come with values beside them it runs one after the other, whatever connection
 * they come on.
 */
const always = () => true

async function openEmbedded(location: Exclude<Location, { kind: 'server' }>): Promise<Database> {
  const { createClient, createChdbConnection, Session } = await loadEngine()
  const release = location.kind === 'directory' ? lockDirectory(location.path) : () => {}
  try {
    const path = location.kind === 'directory' ? join(location.path, 'data') : ':memory:'
    if (location.kind === 'directory') mkdirSync(path, { recursive: true, mode: 0o700 })
    // The first connection to a directory brings the engine's own settings; the others share the engine.
    const engine =
      location.kind === 'directory' ? new Session(path, { connectionArgs: engineLimits() }) : undefined
    // One connection runs one statement at a time: questions must not wait for a bulk insert, nor a small one for one that takes long.
    const connect = () =>
      createClient({
        connection: createChdbConnection({ path }) as unknown as Injected,
        clickhouse_settings: { ...remoteSettings, ...longStatements, ...withoutCompiler, ...viewsAtOnce },
      })
    const writer = connect()
    const readers = Array.from({ length: questionsAtOnce }, connect)
    let beside: { client: ClickHouseClient; watcher: ReturnType<typeof overClients> } | undefined
    const watcher = () => {
      if (!beside) {
        const client = connect()
        const run = inTurn([client])
        beside = { client, watcher: overClients({ read: run, write: run, isWritten: always }, 'the engine') }
      }
      return beside.watcher
    }
    return {
      ...overClients(
        { read: inTurn(readers), write: inTurn([writer]), isWritten: always },
        locationText(location),
      ),
      kind: 'embedded',
      send: () => Promise.reject(new Error('the embedded engine reads files by itself')),
      target: () => {
        throw new Error('the embedded engine writes to its own tables')
      },
      progress: async () => {
        const [found] = await watcher().rows<Record<keyof Progress, number>>(
          `SELECT sum(read_rows) AS readRows, sum(read_bytes) AS readBytes, sum(written_rows) AS writtenRows
           FROM system.processes WHERE query NOT LIKE '%system.processes%'`,
        )
        return {
          readRows: Number(found!.readRows),
          readBytes: Number(found!.readBytes),
          writtenRows: Number(found!.writtenRows),
        }
      },
      cancel: async () => {
        await watcher().run(`KILL QUERY WHERE query NOT LIKE '%KILL QUERY%' ASYNC`)
      },
      close: async () => {
        for (const client of [beside?.client, ...readers, writer]) await client?.close()
        engine?.close()
        release()
      },
    }
  } catch (error) {
    release()
    throw explain(error, locationText(location))
  }
}

/**
 * Bounds on the memory of this process: a statement that would need more than half of the machine's, or than 2 GiB when that is less, ends with an
 * error instead of the process, and caches stay small.
 */
function engineLimits(): string[] {
  const mostBytes = Math.max(2 * 2 ** 30, Math.floor(totalmem() / 2))
  return [
    `--max_server_memory_usage=${mostBytes}`,
    `--mark_cache_size=${256 * 2 ** 20}`,
    `--primary_index_cache_size=${64 * 2 ** 20}`,
    `--query_condition_cache_size=${32 * 2 ** 20}`,
  ]
}

/**
 * The engine would make machine code of expressions that it meets a third time. Ours are long and run seldom in one process: it takes longer to
 * make than it saves (a report on 1 GB of log 7.9 s with it and 5.5 s without, half of the CPU of a small one).
 */
const withoutCompiler: ClickHouseSettings = {
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
}

/**
 * What is inserted goes through the views of a table side by side. Without this the engine does all of a bulk insert, the reading too, in one
 * thread. Whatever a failed insert leaves in some of the tables is taken back by the ledger (hand-over.ts).
 */
const viewsAtOnce = { parallel_view_processing: 1 } as const satisfies ClickHouseSettings

/** For what is read from elsewhere: few tries, and redirects followed. The engine by itself tries ten times and follows none. */
const remoteSettings: ClickHouseSettings = {
  max_http_get_redirects: '5',
  http_max_tries: '3',
  http_connection_timeout: 10,
  s3_retry_attempts: '3',
  s3_connect_timeout_ms: '10000',
  azure_sdk_max_retries: '3',
}

/**
 * Over a cluster: an insert is done when its shards have it; replicas drop no block for being like another, since the ledger keeps batches apart;
 * and what was written is read from the same replica.
 */
const clusterSettings = {
  insert_distributed_sync: 1,
  insert_deduplicate: 0,
  load_balancing: 'in_order',
} as const satisfies ClickHouseSettings

async function openServer(location: Extract<Location, { kind: 'server' }>): Promise<Database> {
  const { createClient, ClickHouseLogLevel } = await loadClient()
  const { url, username, password, database } = location
  const client = createClient({
    url,
    username,
    password,
    database,
    application: 'tlsunset',
    request_timeout: 600_000,
    // What goes wrong is thrown, and told in one place.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      ...longStatements,
      date_time_input_format: 'best_effort',
      ...clusterSettings,
      // Keeps balancers from cutting off a long statement.
      send_progress_in_http_headers: 1,
      http_headers_progress_interval_ms: '110000',
    },
  })
  const where = locationText(location)
  const run: Run = work => work(client)
  const opened: Database = {
    ...overClients({ read: run, write: run, isWritten: text => text.length >= longValue }, where),
    kind: 'server',
    send: (sql, values, query_id) =>
      guarded(where, async () => {
        const { stream } = await client.exec({ query: sql, values, query_id })
        stream.resume()
      }),
    target: (insert, structure, queryId) => {
      const asked = new URL(url)
      asked.search = new URLSearchParams({
        database,
        query: `${insert} FORMAT Native`,
        query_id: queryId,
        ...Object.fromEntries(
          Object.entries({ ...clusterSettings, ...viewsAtOnce }).map(([name, value]) => [
            name,
            String(value),
          ]),
        ),
      }).toString()
      // User and password travel in headers: addresses show in messages.
      const headers = `headers('X-ClickHouse-User' = ${quote(username)}, 'X-ClickHouse-Key' = ${quote(password)})`
      return `url(${quote(asked.href)}, 'Native', ${quote(structure)}, ${headers})`
    },
    progress: async () => ({ readRows: 0, readBytes: 0, writtenRows: 0 }),
    cancel: async () => {},
    close: () => client.close(),
  }
  await opened.rows('SELECT 1')
  return opened
}

/** Tables of owners are part of the statement that attributes: up to 100,000 lines. */
const longStatements = { max_query_size: '100000000' }

/** Values as long as this are written into the statement, which has no limit, instead of the address, which has one. */
const longValue = 2000

/** Runs work on a client when one is free. */
type Run = <T>(work: (client: ClickHouseClient) => Promise<T>) => Promise<T>

/** How statements reach the engine. */
interface Way {
  read: Run
  write: Run
  /** Which values stand in the statement itself, told by their text; the others travel beside it. */
  isWritten(text: string): boolean
}

function overClients({ read, write, isWritten }: Way, where: string) {
  const asked = (sql: string, params: Params = {}) => {
    const { sql: query, rest } = withValues(sql, params, isWritten)
    return { query, query_params: rest }
  }
  return {
    where,
    rows: <Row>(sql: string, params?: Params) =>
      guarded(where, () =>
        read(async client => {
          const result = await client.query({ ...asked(sql, params), format: 'JSONEachRow' })
          return result.json<Row>()
        }),
      ),
    binary: (sql: string, params?: Params) =>
      guarded(where, () =>
        read(async client => {
          const { stream } = await client.exec(asked(`${sql} FORMAT RowBinary`, params))
          return buffer(stream)
        }),
      ),
    run: (sql: string, params?: Params) =>
      guarded(where, () =>
        write(async client => {
          await client.command(asked(sql, params))
        }),
      ),
    insert: (table: string, rows: readonly object[]) =>
      guarded(where, () =>
        write(async client => {
          if (rows.length > 0) await client.insert({ table, values: [...rows], format: 'JSONEachRow' })
        }),
      ),
  }
}

async function guarded<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw explain(error, where)
  }
}

/** Codes of Node for a peer that is not there or went away. */
const gone =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|socket hang up|Timeout error/

/** Codes of ClickHouse: 516 authentication failed, 81 unknown database, 497 access denied, 243 and 240 no space or memory left. */
const hints: Record<string, string> = {
  '516': 'give user and password in the URL, or the password in TLSUNSET_STORE_PASSWORD',
  '81': 'create the database first: CREATE DATABASE name',
  '497': 'the user needs SELECT, INSERT, CREATE, ALTER and DROP on the database',
  '243': 'make room on the disk of the store',
}

function explain(error: unknown, where: string): unknown {
  if (error instanceof Fault || !(error instanceof Error)) return error
  const { code = '' } = error as Error & { code?: string }
  if (gone.test(`${code} ${error.message}`))
    return new Fault('unreachable', 'store-unreachable', `the store at ${where} does not answer`, {
      hint: 'is it running, and is the URL right?',
      cause: error,
    })
  if (hints[code])
    return new Fault(
      'environment',
      'store-refuses',
      `the store at ${where} refuses: ${firstLine(error.message)}`,
      {
        hint: hints[code],
        cause: error,
      },
    )
  return error
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.slice(0, 300)
}

async function loadEngine() {
  try {
    const [{ createClient }, { createChdbConnection }, { Session }] = await Promise.all([
      import('@clickhouse/client'),
      import('chdb/connection'),
      import('chdb'),
    ])
    return { createClient, createChdbConnection, Session }
  } catch (cause) {
    throw new Fault('environment', 'store-engine-missing', 'the embedded database is not installed here', {
      hint:
        process.platform === 'win32'
          ? 'it does not run on Windows: use --store http://user:password@host:8123/database'
          : 'npm install chdb, or --store http://user:password@host:8123/database',
      cause,
    })
  }
}

async function loadClient() {
  try {
    return await import('@clickhouse/client')
  } catch (cause) {
    throw new Fault(
      'environment',
      'store-client-missing',
      'the client for ClickHouse is not installed here',
      {
        hint: 'npm install @clickhouse/client',
        cause,
      },
    )
  }
}

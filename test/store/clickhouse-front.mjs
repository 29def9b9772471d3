// Answers the HTTP interface of ClickHouse with the embedded engine, as far as @clickhouse/client and url() use it: what runs over HTTP can
// be tried without a server. With the name of a cluster as second argument its one shard is this engine: Distributed tables are real then, while
// replication and ON CLUSTER, which need Keeper, are left out of what is asked. Prints its port.
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Session } from 'chdb'

const dir = mkdtempSync(join(tmpdir(), 'clickhouse-front-'))
const [port = 0, cluster] = process.argv.slice(2)
if (cluster)
  writeFileSync(
    join(dir, 'config.xml'),
    `<clickhouse><tcp_port>9000</tcp_port><remote_servers><${cluster}><shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard></${cluster}></remote_servers></clickhouse>`,
  )
const session = new Session(
  join(dir, 'data'),
  cluster ? { connectionArgs: [`--config-file=${join(dir, 'config.xml')}`] } : {},
)
let count = 0
let last = Promise.resolve()

const server = createServer((request, response) => {
  last = last.then(() => answer(request, response)).catch(() => {})
})

async function answer(request, response) {
  const url = new URL(request.url, 'http://front')
  if (url.pathname === '/ping') return response.end('Ok.\n')
  const user =
    request.headers['x-clickhouse-user'] ??
    Buffer.from((request.headers.authorization ?? '').slice(6), 'base64')
      .toString()
      .split(':')[0]
  if (user !== 'tls')
    return fail(
      response,
      403,
      'Code: 516. DB::Exception: wrong: Authentication failed. (AUTHENTICATION_FAILED)',
    )
  const body = join(dir, `body-${++count}`)
  await pipeline(request, createWriteStream(body))
  try {
    let sql = url.searchParams.get('query') ?? readFileSync(body, 'utf8')
    const insert = /^(INSERT INTO [\s\S]*?)\s+FORMAT (\w+)\s*$/.exec(sql)
    if (insert && url.searchParams.has('query')) {
      sql = insert[1].includes('input(')
        ? insert[1].replaceAll(
            /input\('([^']*)'\)/g,
            (_, structure) => `file('${body}', '${insert[2]}', '${structure}')`,
          )
        : `${insert[1]} SELECT * FROM file('${body}', '${insert[2]}')`
    }
    if (cluster)
      sql = sql
        .replaceAll(/ ON CLUSTER '[\w.-]+'/g, '')
        .replace(/Replicated(\w*)MergeTree\('[^']*', '[^']*'(?:, )?/, '$1MergeTree(')
    for (const [name, value] of url.searchParams)
      if (name.startsWith('param_'))
        sql = `SET ${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'; ${sql}`
    const longest = url.searchParams.get('max_query_size')
    if (longest) await session.queryAsync(`SET max_query_size = ${Number(longest)}`)
    const result = await session.queryAsync(sql, { format: 'JSONEachRow' })
    response.setHeader('x-clickhouse-query-id', url.searchParams.get('query_id') ?? '')
    response.end(Buffer.from(result.bytes()))
  } catch (error) {
    fail(response, 500, error.message)
  } finally {
    rmSync(body, { force: true })
  }
}

function fail(response, status, text) {
  response.statusCode = status
  const code = /Code: (\d+)/.exec(text)?.[1]
  if (code) response.setHeader('x-clickhouse-exception-code', code)
  response.end(text)
}

process.on('SIGTERM', () => {
  server.close()
  session.close()
  rmSync(dir, { recursive: true, force: true })
  process.exit(0)
})
server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dayMs } from '../../src/base/time.ts'
import { clusterStatements } from '../../src/store/cluster.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { migrations } from '../../src/store/schema.ts'
import { someMondayMs } from './made-up.ts'

/**
 * A real cluster of two shards, of the server that Debian packages: version 18.16 of 2018. It knows neither DateTime64, LowCardinality, Bool,
 * Map nor SimpleAggregateFunction, no parameters in statements, no TTL, and ON CLUSTER only with ZooKeeper. What is tried on it is therefore:
 * the generated tables of observations and roll-up, with older types, on two shards under Distributed tables; inserts over HTTP with
 * the client of this program; the view that feeds the roll-up on the shard where the rows arrive; and reading the roll-up over both.
 */
const program = ['/usr/sbin/clickhouse-server', '/usr/bin/clickhouse-server'].find(path => existsSync(path))

const older: readonly [RegExp, string][] = [
  [/ ON CLUSTER 'main'/g, ''],
  [/Replicated(\w*)MergeTree\('[^']*', '[^']*'(?:, )?/g, '$1MergeTree('],
  [/MergeTree\(\)/g, 'MergeTree'],
  [/LowCardinality\(String\)/g, 'String'],
  [/DateTime64\(3, 'UTC'\)/g, "DateTime('UTC')"],
  [/\bBool\b/g, 'UInt8'],
  [/TTL .*\n/g, ''],
  [/\nSETTINGS [^\n]*$/g, ''],
  // Columns that are states, or need a function of later years.
  [/,?\n {2}(first_seen|last_seen|hours|addresses|snis) [^\n]*?(?=,?\n)/g, ''],
  [
    /,\n {2}(min\(first\)|max\(last\)|sumMap|uniqCombinedMergeState|groupUniqArrayMergeState)[^\n]*?(?=,?\n)/g,
    '',
  ],
  [/,\n {4}(min\(at\)|max\(at\)|uniqCombinedStateIf|groupUniqArrayStateIf)[^\n]*?(?=,?\n)/g, ''],
  [/SimpleAggregateFunction\(\w+, (\w+)\)/g, '$1'],
  [/AggregatingMergeTree/g, 'SummingMergeTree'],
  [/IF NOT EXISTS /g, ''],
]

function inOlderWords(statement: string): string {
  // Its views fail over a subquery when the rows come from another shard: the first level of the roll-up is enough here.
  const [, inner] = /FROM \(\n([\s\S]*)\n\)\nGROUP BY/.exec(statement) ?? []
  if (inner)
    return `${statement.slice(0, statement.indexOf('SELECT'))}${inOlderWords(inner)
      .replace(/\n *toUInt8\(\(toDayOfWeek.* AS hour,/, '')
      .replace(/,\s+hour\b/, '')
      .replace('AS seen', 'AS connections')}`.replace(/ ON CLUSTER 'main'| IF NOT EXISTS/g, '')
  return older.reduce((text, [from, to]) => text.replace(from, to), statement)
}

describe.skipIf(!program)(
  program ? 'two shards of a real server' : 'two shards of a real server (skipped: no clickhouse-server)',
  () => {
    let dir: string
    const children: ChildProcess[] = []
    const shards: Database[] = []

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'tlsunset-shards-'))
      const ports = await freePorts(6)
      const cluster = [0, 1]
        .map(n => `<shard><replica><host>127.0.0.1</host><port>${ports[3 * n + 1]}</port></replica></shard>`)
        .join('')
      for (const n of [0, 1]) {
        const [http, tcp, inner] = ports.slice(3 * n)
        const home = join(dir, `${n}`)
        mkdirSync(home)
        writeFileSync(
          join(home, 'users.xml'),
          '<yandex><profiles><default/></profiles><users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users><quotas><default/></quotas></yandex>',
        )
        writeFileSync(
          join(home, 'config.xml'),
          `<yandex><logger><level>none</level><log>${home}/log</log><errorlog>${home}/err</errorlog></logger><listen_host>127.0.0.1</listen_host>
           <http_port>${http}</http_port><tcp_port>${tcp}</tcp_port><interserver_http_port>${inner}</interserver_http_port>
           <path>${home}/data/</path><tmp_path>${home}/tmp/</tmp_path><mark_cache_size>5000000</mark_cache_size>
           <users_config>${home}/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
           <remote_servers><main>${cluster}</main></remote_servers></yandex>`,
        )
        children.push(spawn(program!, [`--config-file=${home}/config.xml`], { cwd: home, stdio: 'ignore' }))
      }
      for (const n of [0, 1]) shards.push(await opened(`http://127.0.0.1:${ports[3 * n]}`))
    }, 30_000)

    afterAll(async () => {
      await Promise.all(shards.map(shard => shard.close()))
      await Promise.all(
        children.map(child => {
          child.kill('SIGKILL')
          return once(child, 'exit')
        }),
      )
      rmSync(dir, { recursive: true, force: true })
    })

    test('rows reach the shard of their account, the roll-up is made there, and is read over both', async () => {
      const tables = clusterStatements(
        'main',
        migrations().filter(({ version }) => version <= 2),
      ).filter(statement =>
        /(TABLE IF NOT EXISTS (observations|usage)(_local)? |VIEW IF NOT EXISTS observations_usage )/.test(
          statement,
        ),
      )
      expect(tables).toHaveLength(5)
      for (const shard of shards) for (const statement of tables) await shard.run(inOlderWords(statement))

      const accounts = Array.from({ length: 20 }, (_, i) => `account-${i}`)
      const rows = accounts.flatMap((account, i) =>
        [0, 1, 1].map((day, seq) => ({
          lot: '2026-11-03',
          collector: 'test',
          batch: 'b',
          seq: 3 * i + seq,
          at: new Date(someMondayMs + day * dayMs).toISOString().slice(0, 19).replace('T', ' '),
          service: 'api',
          account,
          source: 'gateway',
          shape: 's1',
          outcome: 'accepted',
          negotiated: 0x0301,
          count: 2,
        })),
      )
      await shards[0]!.insert('observations', rows.slice(0, 30))
      await shards[1]!.insert('observations', rows.slice(30))

      const byAccount =
        'SELECT account, sum(connections) AS seen FROM TABLE GROUP BY account ORDER BY account'
      const held = await Promise.all(
        shards.map(shard => shard.rows<{ account: string }>(byAccount.replace('TABLE', 'usage_local'))),
      )
      expect(held.map(some => some.length).reduce((sum, some) => sum + some)).toBe(20)
      expect(Math.min(...held.map(some => some.length))).toBeGreaterThan(0)
      for (const shard of shards) {
        const all = await shard.rows<{ account: string; seen: string }>(byAccount.replace('TABLE', 'usage'))
        expect(all.map(row => [row.account, Number(row.seen)])).toEqual(
          [...accounts].sort().map(account => [account, 6]),
        )
        const days = await shard.rows(
          'SELECT day, toUInt32(sum(connections)) AS seen FROM usage GROUP BY day ORDER BY day',
        )
        expect(days).toEqual([
          { day: '2026-11-02', seen: 40 },
          { day: '2026-11-03', seen: 80 },
        ])
      }
    })
  },
)

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map(server => (server.address() as AddressInfo).port)
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}

async function opened(url: string): Promise<Database> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await openDatabase({
        kind: 'server',
        url,
        username: 'default',
        password: '',
        database: 'default',
      })
    } catch (error) {
      if (attempt > 200) throw error
      await pause(50)
    }
  }
}

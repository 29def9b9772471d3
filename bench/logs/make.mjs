// Writes an nginx log of one day, the same bytes for the same size: 10,000 accounts by host name, busy as Zipf has it, each with some clients of
// its own. Answers what a reader must find in it, known because it was put there. The hostile kind has 2 % of lines that are none (cut,
// glued, binary) and as many of which the user agent tries to be taken for something else.
import { closeSync, openSync, writeSync } from 'node:fs'

const accounts = 10_000
const startMs = Date.UTC(2026, 10, 17)
/** Of the log_format that `tlsunset ingest --sources` recommends for nginx; only times are reckoned with it. */
const usualLineBytes = 218

/** Version, suite, and how many of 1,000 clients have them. */
const kinds = [
  ['TLSv1.3', 'TLS_AES_256_GCM_SHA384', 380],
  ['TLSv1.3', 'TLS_AES_128_GCM_SHA256', 200],
  ['TLSv1.2', 'ECDHE-RSA-AES256-GCM-SHA384', 180],
  ['TLSv1.2', 'ECDHE-RSA-AES128-GCM-SHA256', 130],
  ['TLSv1.2', 'AES128-SHA256', 30],
  ['TLSv1', 'ECDHE-RSA-AES256-SHA', 25],
  ['TLSv1', 'AES128-SHA', 20],
  ['TLSv1.1', 'ECDHE-RSA-AES256-SHA', 20],
  ['-', '-', 15],
]

const userAgents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)',
  'Java/1.7.0_80',
  'Java/1.8.0_392',
  'Apache-HttpClient/4.5.13 (Java/11.0.22)',
  'python-requests/2.31.0',
  'python-requests/2.18.4',
  'curl/7.29.0',
  'curl/8.5.0',
  'Go-http-client/1.1',
  'okhttp/4.12.0',
  'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)',
  'aws-sdk-java/1.11.106 Linux/3.10.0 Java_HotSpot(TM)_64-Bit_Server_VM/24.80-b11',
  'azsdk-net-Storage.Blobs/12.19.1 (.NET Framework 4.8.4645.0; Microsoft Windows 10.0.17763)',
  'PostmanRuntime/7.39.0',
  'Wget/1.20.3 (linux-gnu)',
  'libwww-perl/6.67',
  '-',
]

/** User agents that a careless reader takes for a version, for fields or for lines; escaped as nginx and Apache escape. */
const hostileAgents = [
  'TLSv1 TLSv1.1 SSLv3',
  'evil\\x22 TLSv1 AES128-SHA \\x22fake.example.com\\x22',
  'evil\\" TLSv1 AES128-SHA \\"fake.example.com\\"',
  'a|b|c\\tTLSv1\\tSSLv3;,TLSv1.1,',
  'a\tTLSv1\tSSLv3\tb',
  'x\\n192.0.2.9 - - [17/Nov/2026:00:00:00 +0000] \\"GET / HTTP/1.1\\" 200 0 \\"-\\" \\"-\\" TLSv1 AES128-SHA \\"fake.example.com\\"',
  'ends with a backslash\\\\',
  "'; DROP TABLE observations; --",
  '{"ssl_protocol":"TLSv1"}'.replaceAll('"', '\\"'),
  '',
  '<script>alert(1)</script> %{jndi:ldap://x} %s%n %00',
  '\u00ff\u00fe\u0080 \u0001\u0002\u001b[31m \u0000 latin1 \u00e9',
  `long ${'A'.repeat(8000)} TLSv1`,
  ' leading and trailing ',
].map(latin1)

/**
 * Writes about `sizeBytes` to `path`. Answers `lines`, `skipped` (those that are none), `byVersion` as the log spells it (`-`: plain HTTP) and
 * `byAccount`, host name to versions to lines.
 */
export function makeLog(path, { sizeBytes, hostile = false }) {
  const random = numbers(hostile ? 77 : 7)
  const clients = makeClients(random)
  const clientsOf = byAccount(clients)
  const drawn = zipf()
  const requests = makeRequests(random)
  const counts = new Uint32Array(clients.length)
  const out = writer(path)
  const expectedLines = Math.max(1, Math.floor(sizeBytes / usualLineBytes))
  let [lines, skipped, second, time] = [0, 0, -1, latin1('')]
  while (out.bytes() < sizeBytes) {
    // Lines come in the order of their times; with shorter lines than usual, the last second has more of them.
    const now = Math.min(86_399, Math.floor((lines / expectedLines) * 86_400))
    if (now !== second) {
      second = now
      time = latin1(`${commonTime(startMs + now * 1000)}] "`)
    }
    const some = clientsOf[drawn[random() & (drawn.length - 1)]]
    const chance = random()
    const client = some[chance % some.length]
    const parts = [
      client.addresses[(chance >>> 3) & 3],
      time,
      requests[(chance >>> 5) & (requests.length - 1)],
    ]
    lines++
    const fate = hostile ? random() % 50 : 49
    if (fate === 0) {
      out.put(brokenLine(random, Buffer.concat(parts).toString('latin1'), client))
      skipped++
      continue
    }
    counts[client.index]++
    for (const part of parts) out.put(part)
    if (fate === 1) {
      out.put(hostileAgents[random() % hostileAgents.length])
      out.put(random() % 4 === 0 ? client.tailWindows : client.tail)
    } else out.put(client.end)
  }
  out.close()
  return { path, sizeBytes: out.bytes(), lines, skipped, ...totals(clients, counts) }
}

/** 32 bits at a time, the same on every machine (xorshift). */
function numbers(seed) {
  let state = Math.imul(seed, 0x9e3779b1) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

function makeClients(random) {
  const shares = kinds.flatMap(([version, suite, share]) => new Array(share).fill([version, suite]))
  const clients = []
  for (let account = 0; account < accounts; account++)
    for (let left = 1 + (random() % 4); left > 0; left--) {
      const [version, suite] = shares[random() % shares.length]
      // Without TLS no host is named in it.
      const host = version === '-' ? '-' : `customer-${String(account).padStart(5, '0')}.api.example.com`
      const tail = `" ${version} ${suite} "${host}"`
      clients.push({
        index: clients.length,
        ...{ account, version, host },
        addresses: Array.from({ length: 4 }, () => latin1(`${address(random())} - - [`)),
        end: latin1(`${userAgents[random() % userAgents.length]}${tail}\n`),
        tail: latin1(`${tail}\n`),
        tailWindows: latin1(`${tail}\r\n`),
      })
    }
  return clients
}

function byAccount(clients) {
  const found = Array.from({ length: accounts }, () => [])
  for (const client of clients) found[client.account].push(client)
  return found
}

/** 2^20 draws of an account, the n-th busiest of which has 1/n of what the busiest has. */
function zipf() {
  const draws = new Uint16Array(1 << 20)
  let sum = 0
  for (let rank = 1; rank <= accounts; rank++) sum += 1 / rank
  let [at, reached] = [0, 0]
  for (let rank = 1; rank <= accounts; rank++) {
    reached += 1 / rank / sum
    while (at < draws.length && at < reached * draws.length) draws[at++] = rank - 1
  }
  return draws
}

function makeRequests(random) {
  const methods = ['GET', 'GET', 'GET', 'POST', 'PUT']
  return Array.from({ length: 1 << 12 }, () => {
    const id = random().toString(16).padStart(8, '0')
    const path = ['/v1/jobs', '/v1/pools/list', '/api/tasks', '/health', '/v2/files/content'][random() % 5]
    const status = [200, 200, 200, 200, 201, 304, 404, 500][random() % 8]
    return latin1(
      `${methods[random() % 5]} ${path}/${id}?since=${random() % 100_000} HTTP/1.1" ${status} ${random() % 100_000} "-" "`,
    )
  })
}

/** A line that is none, in one of twelve ways. `start` goes up to where the user agent begins. */
function brokenLine(random, start, client) {
  const whole = start + client.end.toString('latin1').slice(0, -1)
  const versionAt = whole.length - client.tail.length + 1 + 2
  const agent = whole.slice(start.length, versionAt - 2)
  const lines = [
    () => whole.slice(0, random() % versionAt),
    // `TLSv1.2` is cut to `TLSv1`, say.
    () => whole.slice(0, versionAt + 5),
    () => whole.slice(0, versionAt + 1 + (random() % (whole.length - versionAt - 1))),
    () => whole.slice(0, versionAt - 2) + whole.slice(versionAt - 1),
    () => whole.replace('] "', '] '),
    () => `${start}${agent}" TLSv1 AES128-SHA "fake.example.com" "${whole.slice(versionAt - 2)}`,
    () => whole + whole,
    () =>
      Array.from({ length: 1 + (random() % 200) }, () => String.fromCharCode(11 + (random() % 245))).join(''),
    () => whole.slice(0, versionAt) + whole.slice(versionAt).replace(/^\S+/, 'TLSv9.9'),
    () => '\0'.repeat(100),
    () => (random() % 1000 === 0 ? 'TLSv1 '.repeat(200_000) : ''),
    () => 'Nov 17 00:00:00 web-1 kernel: TLSv1 TLSv1.1 is mentioned here',
  ]
  return latin1(`${lines[random() % lines.length]()}\n`)
}

function totals(clients, counts) {
  const byVersion = {}
  const byAccount = {}
  for (const { index, version, host } of clients) {
    if (counts[index] === 0) continue
    byVersion[version] = (byVersion[version] ?? 0) + counts[index]
    byAccount[host] ??= {}
    byAccount[host][version] = (byAccount[host][version] ?? 0) + counts[index]
  }
  return { byVersion, byAccount }
}

/** Bytes to a file, some megabytes at a time. */
function writer(path) {
  const file = openSync(path, 'w')
  const buffer = Buffer.allocUnsafe(1 << 22)
  let [used, flushed] = [0, 0]
  const write = bytes => {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    flushed += bytes.length
  }
  const flush = () => {
    write(buffer.subarray(0, used))
    used = 0
  }
  return {
    bytes: () => flushed + used,
    put: bytes => {
      if (used + bytes.length > buffer.length) flush()
      if (bytes.length > buffer.length) write(bytes)
      else {
        buffer.set(bytes, used)
        used += bytes.length
      }
    },
    close: () => {
      flush()
      closeSync(file)
    },
  }
}

function address(bits) {
  return `${20 + ((bits >>> 24) % 200)}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
}

/** `17/Nov/2026:00:00:00 +0000` */
function commonTime(atMs) {
  const [, day, month, year, time] = new Date(atMs).toUTCString().split(' ')
  return `${day}/${month}/${year}:${time} +0000`
}

function latin1(text) {
  return Buffer.from(text, 'latin1')
}

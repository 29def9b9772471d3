// How long the store needs for the console's summary and for `report`: 10,000 accounts with two clients each on 90 days, 5,000 hello shapes,
// 1.8 million rows of the roll-up. Made-up rows; the store is written to a folder of its own and removed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { knownHellos } from '../dist/identify/stacks/compare.js'
import { readRetirement } from '../dist/model/retirement.js'
import { storeFacts, usageAnswer } from '../dist/server/store-facts.js'
import { openStore } from '../dist/store/store.js'

const day = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'tlsunset-bench-'))
const store = await openStore({ kind: 'directory', path: folder })
try {
  await fill(store.db)
  const nowMs = Date.now()
  const read = readRetirement(
    'retirement: bench\nservice: { names: [api.example.com], owner: us }\naccounts: { sni: "{account}.example.com" }\nfloor:\n  now: { version: TLS 1.0 }\n  next: { version: TLS 1.2 }\n',
    { nowMs },
  )
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const facts = storeFacts({
    store,
    policy: read.policy,
    hasGateway: false,
    health: () => Promise.reject(new Error('not asked')),
    now: () => nowMs,
  })
  for (const days of [35, 90])
    for (let run = 0; run < 4; run++) {
      // Another millisecond is another question: nothing is answered from what was kept.
      const window = { fromMs: nowMs - days * day + run, toMs: nowMs + run }
      const [report, took] = await time(() => facts.report(window))
      const { accounts, accountsThatBreak, connections } = report.totals
      console.log(
        `summary over ${days} days, ${run === 0 ? 'first' : 'warm'}: ${took} ms (${accounts} accounts, ${accountsThatBreak} break, ${connections} connections)`,
      )
      if (run === 3) {
        console.log(`  asked again: ${(await time(() => facts.report(window)))[1]} ms`)
        console.log(`  burn-down by days: ${(await time(() => facts.burnDown(window, day)))[1]} ms`)
      }
    }
  for (let run = 0; run < 3; run++) {
    const window = { fromMs: nowMs - 90 * day, toMs: nowMs }
    const [answer, took] = await time(() => usageAnswer(store.db, window))
    console.log(`what report asks the store for, 90 days: ${answer.rows.length} rows in ${took} ms`)
  }
} finally {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}

async function time(work) {
  const start = performance.now()
  return [await work(), Math.round(performance.now() - start)]
}

/** 5,000 shapes: the hellos of the table, most with some suites left out. */
async function fill(db) {
  let state = 7
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const known = knownHellos().filter(hello => !hello.features.sslv2)
  const hellos = Array.from({ length: 5000 }, (_, i) => {
    const { features } = known[i % known.length]
    return {
      shape: `s${i}`,
      format: 'tls',
      record_version: 0x0301,
      legacy_version: features.legacyVersion,
      supported_versions: features.versions,
      suites: features.suites.filter(() => i < known.length || random() > 0.1),
      sslv2_specs: [],
      compression: [0],
      extensions: [0, ...features.extensions],
      without_extensions: false,
      groups: features.groups,
      point_formats: features.points,
      signature_schemes: features.schemes,
      signature_schemes_cert: [],
      alpn: [],
      key_share_groups: features.groups.slice(0, 1),
      psk_modes: [1],
      offers_psk: false,
      extended_master_secret: true,
      session_ticket: true,
      ech: false,
      ja3: '',
      ja4: '',
      ja4_r: '',
    }
  })
  await db.insert('hellos', hellos)
  for (let ago = 1; ago <= 90; ago++)
    await db.run(
      `INSERT INTO usage SELECT today() - ${ago} AS lot, 'local', lot, 'api', concat('account-', toString(intDiv(number, 2))), 'gateway', 'sni',
         'certain', concat('s', toString(cityHash64(number) % 5000)), 0x0303, 0x0303, 0xc02f, 'accepted', '', '', false, '', '', 56,
         toDateTime64(lot, 3, 'UTC'), toDateTime64(lot, 3, 'UTC') + 72000, map(toUInt8(number % 168), toUInt64(56)),
         arrayReduce('uniqCombinedState(12)', ['192.0.2.1']), arrayReduce('groupUniqArrayState(8)', ['api.example.com'])
       FROM numbers(20000)`,
    )
}

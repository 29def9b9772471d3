// How long a what-if takes over a window of 100 million connections (10,000 accounts, 90 days, 5,000 hello shapes), and at ten times the
// connections: the number of shapes and accounts drives the time, not the number of connections. Made-up rows from a fixed seed.
import { stackNamer } from '../dist/identify/stacks/name.js'
import { foldDays, whatIf } from '../dist/identify/what-if.js'
import { profileOf } from '../dist/model/decide.js'
import { parseFloor } from '../dist/model/floor-text.js'
import { negotiate } from '../dist/model/negotiate.js'
import { helloShapes, seeded } from './hello-shapes.mjs'

const day = 86_400_000
const random = seeded()
const shapes = new Map(helloShapes(5000, random).map(shape => [shape.id, shape]))

function rowsOf(connections) {
  const accounts = 10_000
  const days = 90
  const each = connections / (accounts * days * 2)
  const rows = []
  for (let a = 0; a < accounts; a++)
    for (let s = 0; s < 2; s++) {
      const shape = `s${Math.floor(random() * 5000)}`
      for (let d = 0; d < days; d++)
        rows.push({
          dayMs: d * day,
          service: 'api',
          account: `account-${a}`,
          attributedBy: 'sni',
          confidence: 'certain',
          source: 'gateway',
          shape,
          offeredMax: 0x0303,
          negotiated: 0x0303,
          suite: 0xc02f,
          outcome: 'accepted',
          reason: '',
          operation: '',
          userAgent: '',
          connections: Math.ceil(each),
          firstSeenMs: d * day,
          lastSeenMs: d * day + 1,
          addresses: 1,
          hours: [],
          snis: [],
        })
    }
  return rows
}

const time = work => {
  const start = performance.now()
  const value = work()
  return [value, Math.round(performance.now() - start)]
}
const names = ['TLS 1.2', 'no-cbc', 'no-static-rsa', 'no-sha1-signatures', 'pqc']
for (const connections of [1e8, 1e9]) {
  const [rows, made] = time(() => rowsOf(connections))
  const [folded, fold] = time(() => foldDays(rows))
  console.log(
    `${connections.toLocaleString('en')} connections in ${rows.length.toLocaleString('en')} rows (made in ${made} ms), folded to ${folded.length.toLocaleString('en')} in ${fold} ms`,
  )
  const stackOf = stackNamer()
  for (const name of names) {
    const { floor } = parseFloor(name)
    const profile = profileOf(floor)
    const check = offer => {
      const answer = negotiate(offer, profile)
      return answer.outcome === 'refused' ? answer.clause : null
    }
    const ask = () => whatIf({ rows: folded, shapes, floor, check }, stackOf)
    const [outcome, cold] = time(ask)
    const [, warm] = time(ask)
    console.log(
      `  ${name}: ${outcome.accountsThatBreak.toLocaleString('en')} accounts break; ${cold} ms first, ${warm} ms warm`,
    )
  }
}

import { profileOf } from '../../dist/model/decide.js'
import { parseFloor } from '../../dist/model/floor-text.js'
import { negotiate } from '../../dist/model/negotiate.js'
import { addHellos } from '../../dist/store/hellos.js'
import { helloShapes, seeded } from '../hello-shapes.mjs'

export const dayMs = 86_400_000

/**
 * Fills a store with made-up observations, by SQL inside the engine and through the entrance that all rows take, so that roll-ups and parts
 * are those of real rows. Each account has two clients with a hello each, picked from `shapes`; one account in five has replaced an old client
 * on some day; on two days those that fail TLS 1.2 were refused. The lots are the days. The same size gives the same rows.
 */
export async function fill(store, { connections, accounts, days, shapes, nowMs }) {
  const hellos = helloShapes(shapes, seeded())
  await addHellos(store.db, hellos)
  const profile = profileOf(parseFloor('TLS 1.2').floor)
  const breaking = hellos.flatMap(({ offer }, i) =>
    negotiate(offer, profile).outcome === 'refused' ? [i] : [],
  )
  const modern = hellos.findIndex((_, i) => !breaking.includes(i))
  const perDay = Math.round(connections / days)
  for (let ago = days - 1; ago >= 0; ago--) {
    const lot = new Date(nowMs - ago * dayMs).toISOString().slice(0, 10)
    const batch = `bench-${lot}`
    const spanMs = ago === 0 ? nowMs % dayMs : dayMs
    const isBrownout = ago === 3 || ago === 30
    const rows = ago === 0 ? Math.round((perDay * spanMs) / dayMs) : perDay
    await store.db.run(
      `INSERT INTO intake (lot, collector, batch, seq, why, at, service, account, attributed_by, confidence, source, address, sni, shape,
         offered_max, negotiated, suite, \`group\`, outcome, reason, breaks, retry, operation, user_agent, count)
       WITH cityHash64(number, ${ago}) AS chance,
         chance % ${accounts} AS nth,
         bitAnd(intDiv(chance, ${accounts}), 1) AS client,
         -- A replaced client is the modern one from its day on.
         nth % 5 = 0 AND ${ago} < nth % ${days} AS replaced,
         if(replaced, ${modern}, (nth * 2 + client) % ${shapes}) AS hello,
         has(${JSON.stringify(breaking)}, hello) AS old,
         ${isBrownout} AND old AS refused
       SELECT '${lot}', 'local', '${batch}', number, '', toDateTime64('${lot} 00:00:00', 3, 'UTC') + intDiv(number * ${spanMs}, ${rows}) / 1000,
         'api', concat('account-', toString(nth)), 'sni', 'certain', 'gateway',
         concat('192.0.2.', toString(nth % 200 + intDiv(chance, 7) % 4)), concat('account-', toString(nth), '.example.com'),
         concat('s', toString(hello)), if(old, 0x0301, 0x0303), if(refused, 0, if(old, 0x0301, 0x0303)), if(refused, 0, 0xc02f), 29,
         if(refused, 'refused', 'accepted'), if(refused, 'version', ''), if(old, 'version', ''), false, '', '', 1
       FROM numbers(${rows})`,
    )
    const at = new Date(nowMs - ago * dayMs).toISOString().replace('T', ' ').replace('Z', '')
    await store.db.insert('batches', [
      {
        batch,
        state: 'done',
        at,
        lot,
        collector: 'local',
        kind: 'segment',
        origin: batch,
        observations: rows,
      },
    ])
  }
}

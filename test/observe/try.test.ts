import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'vitest'
import { readLogs } from '../../src/cli/read-logs.ts'
const N: Record<string,string> = {SSLv2: 'SSL 2.0', SSLv3: 'SSL 3.0', TLSv1: 'TLS 1.0', 'TLSv1.1': 'TLS 1.1', 'TLSv1.2': 'TLS 1.2', 'TLSv1.3': 'TLS 1.3'}
test('x', async () => {
  const d = '/work/shared/samples/logs/'
  for (const s of readdirSync(d)) {
    const e = JSON.parse(readFileSync(d+s+'/expected.json','utf8'))
    for (const [f, w] of Object.entries<any>(e.files)) {
      try {
      const r = await readLogs([d + s+'/'+ f])
      const want = Object.fromEntries(Object.entries<any>(w.by_version ?? {}).filter(([k]) => N[k]).map(([k,v]) => [N[k], v]))
      const got = Object.fromEntries(Object.entries(r.byVersion).filter(([k]) => Object.values(N).includes(k)))
      const same = JSON.stringify(Object.entries(want).sort()) === JSON.stringify(Object.entries(got).sort())
      console.log(same ? 'OK ' : 'BAD', s, f, r.source, r.observations, JSON.stringify(r.byVersion), JSON.stringify(r.skipped), same ? '' : JSON.stringify(w.by_version))
      if (process.env.ROWS === s) console.log(JSON.stringify(r.rows.slice(0,4).map(x=>({...x,hours:0})), null, 1))
      } catch (x) { console.log('ERR', s, f, (x as Error).message.slice(0, 600)) }
    }
  }
}, 120000)

// Hook for `npm run bench -- loss --hook bench/loss/store.mjs`: a process that takes the spool into an embedded store while the gateway writes
// it, killed with SIGKILL three times and started again. The outcomes are then counted in the store: roll-up, raw rows and distinct rows must agree.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { collect, collectOnce } from '../../dist/store/collect.js'
import { openStore } from '../../dist/store/store.js'

const kills = 3

export async function open({ dir, spoolDir }) {
  const storeDir = join(dir, 'store')
  const start = () =>
    fork(fileURLToPath(import.meta.url), [storeDir, spoolDir], { stdio: ['ignore', 2, 2, 'ipc'] })
  let child = start()
  let killing = Promise.resolve()

  async function killThrice() {
    for (let i = 0; i < kills; i++) {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      child = start()
      await once(child, 'message')
      await sleep(Math.random() * 2000)
    }
  }

  return {
    kill() {
      killing = killThrice()
    },
    async outcomes() {
      await killing
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      const store = await openStore({ kind: 'directory', path: storeDir })
      await collectOnce(store, spoolDir)
      const [rolled, raw] = await Promise.all([
        store.db.rows('SELECT outcome, sum(connections) AS rows FROM usage GROUP BY outcome'),
        store.db.rows(
          'SELECT outcome, sum(count) AS rows, uniqExact(batch, seq) AS distinct FROM observations GROUP BY outcome',
        ),
      ])
      await store.close()
      for (const { outcome, rows, distinct } of raw) {
        const inRollUp = rolled.find(each => each.outcome === outcome)?.rows
        if (Number(rows) !== Number(distinct) || Number(rows) !== Number(inRollUp))
          throw new Error(`${outcome}: ${rows} raw rows, ${distinct} distinct, ${inRollUp} in the roll-up`)
      }
      process.stderr.write(
        `the store was killed ${kills} times; its roll-up, raw rows and distinct rows agree\n`,
      )
      return Object.fromEntries(rolled.map(({ outcome, rows }) => [outcome, Number(rows)]))
    },
    async close() {},
  }
}

if (process.send) {
  const [storeDir, spoolDir] = process.argv.slice(2)
  const store = await openStore({ kind: 'directory', path: storeDir })
  const stopping = new AbortController()
  process.on('SIGTERM', () => stopping.abort())
  process.send('ready')
  await collect(store, spoolDir, { signal: stopping.signal, everyMs: 200 })
  await store.close()
  process.disconnect()
}

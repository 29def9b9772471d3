// Takes in what it is told, and kills itself at the given step. Runs the build, since Node 20 does not run TypeScript.
const [, , storeDir, spoolDir, logFile, killAt] = process.argv
const { openStore } = await import('../../dist/store/store.js')
const { collectOnce } = await import('../../dist/store/collect.js')
const { settleFiles } = await import('../../dist/store/hand-over.js')

let steps = 0
const onStep = () => {
  if (++steps === Number(killAt)) process.kill(process.pid, 'SIGKILL')
}
const store = await openStore({ kind: 'directory', path: storeDir }, { onStep })
await collectOnce(store, spoolDir)
await settleFiles(store)
if (logFile) {
  // Loaded late: most runs are dead by now.
  const { takeInFile } = await import('../../dist/server/take-in.js')
  const { openLogFile } = await import('../../dist/store/files.js')
  const workDir = () => spoolDir
  await takeInFile(store, openLogFile(logFile, workDir), { workDir })
}
await store.close()
process.stdout.write(String(steps))

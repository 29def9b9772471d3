import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ExitCode, exitCodes, Fault } from '../../base/fault.ts'
import { exampleRetirement } from '../../server/example.ts'
import { isLoopback, parseListen, spoolDirOf } from '../../server/paths.ts'
import { type Serving, serve } from '../../server/serve.ts'
import { parseLocation } from '../../store/location.ts'
import type { FlagValues, Io } from '../command.ts'
import { panel, servingDocument } from './panel.ts'

const usualFile = 'retirement.yaml'

/** Serves a retirement file until the command is told to end. */
export async function serveFile(flags: FlagValues, io: Io): Promise<ExitCode> {
  const name = (flags.config as string | undefined) ?? usualFile
  const file = resolve(io.cwd, name)
  if (!existsSync(file))
    throw new Fault('input', 'no-retirement-file', `no retirement file: ${name}`, {
      hint: 'tlsunset serve --init writes one to start from; tlsunset serve --demo shows one at work',
    })
  const listen = parseListen(flags.listen as string | undefined)
  if (!isLoopback(listen.host))
    talk(io, `the console listens on ${listen.host} without TLS: put a proxy that ends TLS in front of it`)
  const location = parseLocation(flags.store as string | undefined, io)
  const serving = await serve({
    file,
    location,
    spoolDir: spoolDirOf(location, io.env),
    listen,
    note: text => talk(io, text),
    signal: io.signal,
  })
  if (flags.json) io.stdout.write(`${JSON.stringify(servingDocument(serving))}\n`)
  else io.stdout.write(panel(serving, name, io))
  return untilEnd(serving, io)
}

/** Waits for Ctrl-C or SIGTERM and ends in good order. */
export async function untilEnd(serving: Serving, io: Io): Promise<ExitCode> {
  if (!io.signal.aborted)
    await new Promise(resolve => io.signal.addEventListener('abort', resolve, { once: true }))
  talk(io, 'stopping: open connections may end, then the store takes in the last of the spool')
  await serving.stop()
  return exitCodes.ok
}

/** Writes an example file, never over one that is there. */
export function init(config: string | undefined, io: Io): ExitCode {
  const name = config ?? usualFile
  try {
    writeFileSync(resolve(io.cwd, name), exampleRetirement(io.now()), { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Fault('usage', 'file-exists', `${name} exists and was left as it is`, {
      hint: `tlsunset serve -c ${name}`,
    })
  }
  io.stdout.write(`${name}\n`)
  talk(io, `edit ${name}, then: tlsunset policy check ${name}, tlsunset serve -c ${name}`)
  return exitCodes.ok
}

export function talk(io: Io, text: string) {
  io.stderr.write(`tlsunset: ${text}\n`)
}

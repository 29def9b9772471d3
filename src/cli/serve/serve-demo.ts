import { join } from 'node:path'
import { type ExitCode, Fault } from '../../base/fault.ts'
import { prepareDemo } from '../../server/demo/start.ts'
import { demoTimes } from '../../server/demo/story.ts'
import { parseListen } from '../../server/paths.ts'
import { type Serving, serve } from '../../server/serve.ts'
import type { FlagValues, Io } from '../command.ts'
import { addressText, frame, servingDocument } from './panel.ts'
import { talk, untilEnd } from './serve-file.ts'

/** Plays a retirement through: history, brownout after a minute, cutoff soon after. */
export async function serveDemo(flags: FlagValues, io: Io): Promise<ExitCode> {
  for (const other of ['config', 'store'])
    if (flags[other] !== undefined)
      throw new Fault('usage', 'demo-alone', `--demo brings its own ${other}`, {
        hint: `leave --${other} out, or --demo`,
      })
  talk(io, 'starting the demonstration: sample service, store, gateway, real TLS clients')
  const demo = await prepareDemo({ nowMs: io.now(), path: io.env.PATH ?? '' })
  try {
    await demo.begin(io.now())
    const folder = join(demo.folder, 'store')
    const serving = await serveSomewhere(flags.listen as string | undefined, listen =>
      serve({
        file: demo.file,
        location: { kind: 'directory', path: folder },
        spoolDir: join(folder, 'spool'),
        listen,
        note: text => talk(io, text),
      }),
    )
    const { gateway } = serving
    if (gateway) demo.letClientsIn(gateway.port)
    if (flags.json)
      io.stdout.write(`${JSON.stringify({ ...servingDocument(serving), folder: demo.folder })}\n`)
    else io.stdout.write(demoPanel(serving, demo, io))
    return await untilEnd(serving, io)
  } finally {
    await demo.stop()
  }
}

/** The usual address, or any free port when another console has it and nobody asked for a certain one. */
async function serveSomewhere(
  wanted: string | undefined,
  start: (listen: { host: string; port: number }) => Promise<Serving>,
): Promise<Serving> {
  const listen = parseListen(wanted)
  try {
    return await start(listen)
  } catch (error) {
    if (wanted !== undefined || !(error instanceof Fault) || error.code !== 'address-taken') throw error
    return start({ ...listen, port: 0 })
  }
}

function demoPanel(
  serving: Serving,
  demo: { file: string; caFile: string; clients: readonly string[] },
  io: Io,
): string {
  const gateway = serving.gateway ? addressText(serving.gateway) : 'none'
  return frame(
    'tlsunset plays a retirement through, in about three minutes',
    [
      ['console', serving.consoleUrl],
      ['gateway', `${gateway}, before a sample service that lets in TLS 1.0 to 1.3`],
      ['clients', `${demo.clients.join(', ')}: real programs of this machine, at TLS 1.0 to 1.3`],
      ['the plan', demo.file],
    ],
    [
      'Open the console and look at the first sentence, then at "who is left". It is a forecast.',
      `After ${demoTimes.brownoutFrom} s a brownout refuses exactly those, by name; after ${demoTimes.cutoff} s the cutoff does, for good.`,
      'wingtip works once a month: no brownout finds it, the forecast does.',
      'contoso is exempt and stays. The line of the past weeks is made up, and labelled so.',
      '',
      'Try it yourself:',
      `  curl --tls-max 1.0 --tlsv1.0 --ciphers DEFAULT@SECLEVEL=0 --cacert ${demo.caFile} --resolve litware.eastus.batch.example:${serving.gateway?.port}:127.0.0.1 https://litware.eastus.batch.example:${serving.gateway?.port}/`,
      `  edit the plan: ${demo.file} comes into force when saved`,
    ],
    io,
  )
}

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { exitCodes, Fault } from '../../base/fault.ts'
import type { Command, Io } from '../command.ts'
import { hostFlags, readHostFlags } from '../host/host-flags.ts'

const formatIds = ['reg', 'powershell', 'intune', 'configmgr', 'gpo', 'ansible', 'dsc'] as const

export const command: Command = {
  name: 'host remediate',
  summary: 'Plans the smallest change that brings a host to the floor, and the way back',
  description: `Shows the plan. With --out it also writes the files that carry it out, each with its undo: .reg, PowerShell 2.0, an Intune remediation, a
Configuration Manager item, registry.pol, Ansible, DSC; for Linux hosts a drop-in. Nothing is changed on this machine. An undo restores what the
export shows (scripts record it on each host when they run): present values with their type, absent ones absent.`,
  args: [{ name: 'files', help: 'exports, or folders of them', required: true, many: true }],
  flags: [
    ...hostFlags,
    { name: 'format', value: 'format', many: true, help: `only these files: ${formatIds.join(', ')}` },
    { name: 'out', value: 'folder', help: 'where the files go: a folder per host, a folder per format' },
    { name: 'json', help: 'the plan as JSON, a line per host' },
  ],
  examples: [
    { run: 'tlsunset host remediate host.reg', does: 'what to change, and what stands there now' },
    {
      run: 'tlsunset host remediate host.reg --for winhttp --format reg --out remedy',
      does: 'apply.reg and undo.reg for WinHTTP',
    },
    {
      run: 'tlsunset host remediate host.reg --format intune --out remedy',
      does: 'detection and remediation for a fleet',
    },
  ],
  async run({ args, flags, io }) {
    const { readFleet } = await import('../../host/fleet-files.ts')
    const { floor, kinds, assumed } = await readHostFlags(flags, io)
    const wanted = (flags.format as string[] | undefined) ?? [...formatIds]
    const unknown = wanted.find(id => !formatIds.some(known => known === id))
    if (unknown)
      throw new Fault('usage', 'no-such-format', `no such format: ${unknown}`, {
        hint: `one of ${formatIds.join(', ')}`,
      })
    if (flags.format && flags.out === undefined)
      throw new Fault('usage', 'no-out', 'a format needs a folder to be written to', { hint: '--out remedy' })
    const out = typeof flags.out === 'string' ? resolve(io.cwd, flags.out) : undefined
    let hosts = 0
    let open = 0
    for await (const item of readFleet(
      args.map(path => resolve(io.cwd, path)),
      assumed,
    )) {
      if (io.signal.aborted) return exitCodes.interrupted
      if ('skip' in item) {
        const { file, line, reason } = item.skip
        io.stderr.write(`tlsunset: skipped ${file}${line > 0 ? `:${line}` : ''}: ${reason}\n`)
        continue
      }
      const remaining = item.host.linux
        ? await remedyLinux(item.host.name, item.host.linux, floor, out, flags.json === true, io)
        : await remedyWindows(item.host, floor, kinds, wanted, out, flags.json === true, io)
      if (remaining === undefined) {
        io.stderr.write(`tlsunset: skipped ${item.host.file}: ${item.host.blind[0]}\n`)
        continue
      }
      hosts++
      open += remaining
    }
    if (hosts === 0) return exitCodes.undecided
    return open > 0 ? exitCodes.findings : exitCodes.ok
  },
}

type HostExport = import('../../host/host-export.ts').HostExport
type LinuxFiles = import('../../host/linux-files.ts').LinuxFiles
type RemedyFile = import('../../host/formats/format.ts').RemedyFile

/** How many consumers no setting helps; undefined when the export does not say which Windows it is. */
async function remedyWindows(
  host: HostExport,
  floor: number,
  kinds: readonly string[] | undefined,
  wanted: readonly string[],
  out: string | undefined,
  json: boolean,
  io: Io,
): Promise<number | undefined> {
  const { planRemedy } = await import('../../host/remedy.ts')
  const { remedyJson, remedyText } = await import('../../host/remedy-text.ts')
  const { formats } = await import('../../host/formats/index.ts')
  const remedy = planRemedy(host, floor, kinds)
  if (!remedy) return undefined
  io.stdout.write(json ? `${JSON.stringify(remedyJson(remedy))}\n` : `${remedyText(remedy)}\n`)
  if (out !== undefined) {
    const files = formats
      .filter(format => wanted.includes(format.id) && remedy.changes.length > 0)
      .flatMap(format => [
        { path: `${format.id}/USE.txt`, content: `${format.title}: ${format.use}\n` },
        ...format.write(remedy).map(file => ({ ...file, path: `${format.id}/${file.path}` })),
      ])
    await writeFiles(
      join(out, safeName(host.name)),
      [{ path: 'PLAN.txt', content: remedyText(remedy) }, ...files],
      io,
    )
  }
  // Kinds of programs that only may be there are named, and count when they were asked for.
  return remedy.remaining.filter(advice => kinds || advice.presence === 'present').length
}

async function remedyLinux(
  name: string,
  linux: LinuxFiles,
  floor: number,
  out: string | undefined,
  json: boolean,
  io: Io,
): Promise<number> {
  const { linuxFiles, planLinuxRemedy } = await import('../../host/linux-remedy.ts')
  const { linuxRemedyText } = await import('../../host/remedy-text.ts')
  const remedy = planLinuxRemedy(linux, floor)
  io.stdout.write(
    json
      ? `${JSON.stringify({ kind: 'linux-remedy', host: name, ...remedy })}\n`
      : `${linuxRemedyText(name, remedy)}\n`,
  )
  if (out !== undefined) await writeFiles(join(out, safeName(name)), linuxFiles(remedy), io)
  return remedy.remaining.length
}

/** A host's name comes from a file that anybody may have written: only a plain name becomes a folder. */
function safeName(name: string): string {
  return (
    name
      .replace(/[^\w.-]/g, '_')
      .replace(/\.\.+|^\./g, '_')
      .slice(0, 64) || 'host'
  )
}

async function writeFiles(folder: string, files: readonly RemedyFile[], io: Io): Promise<void> {
  for (const { path, content } of files) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  io.stderr.write(`tlsunset: ${files.length} files in ${folder}\n`)
}

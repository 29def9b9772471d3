import { exitCodes } from '../../base/fault.ts'
import type { Command } from '../command.ts'

const scripts = { windows: 'windows.ps1', cmd: 'windows.cmd', linux: 'linux.sh' } as const

export const command: Command = {
  name: 'host collect',
  summary: 'Prints a small read-only script that records what decides the TLS versions of a machine',
  description: `Run the script on the machine and hand its one file to \`host evaluate\`. The PowerShell script runs on Windows 7 to Server 2025 (PowerShell 2.0 or
newer) and sees both views of the registry, configuration files, programs and .NET runtimes; the .cmd sees the registry only.`,
  flags: [
    {
      name: 'for',
      value: 'system',
      help: 'windows is PowerShell, cmd needs none, linux is sh',
      choices: Object.keys(scripts),
      default: 'windows',
    },
  ],
  examples: [
    { run: 'tlsunset host collect > collect.ps1', does: 'the script for Windows' },
    { run: 'tlsunset host collect --for linux | sh > host.txt', does: 'records this Linux machine' },
  ],
  async run({ flags, io }) {
    const name = scripts[String(flags.for) as keyof typeof scripts]
    const { collectScript } = await import('../../host/collect-script.ts')
    const text = await collectScript(name)
    // Windows wants its own line ends, cmd strictly so.
    io.stdout.write(name.endsWith('.sh') ? text : text.replace(/\r?\n/g, '\r\n'))
    return exitCodes.ok
  },
}

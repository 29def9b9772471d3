import { durationText } from '../../base/duration.ts'
import type { Serving } from '../../server/serve.ts'
import type { Io } from '../command.ts'
import { paintFor } from '../paint.ts'

/** What is up and what to do next, in a few lines. */
export function panel(serving: Serving, file: string, io: Io): string {
  const policy = serving.policy()
  const { gateway } = serving
  const left = policy.cutoffMs === undefined ? null : policy.cutoffMs - io.now()
  const lines: [string, string][] = [
    ['console', serving.consoleUrl],
    ['gateway', gateway ? addressText(gateway) : 'none: the file has no gateway'],
    ['floor', `${policy.floor.now.title} now, ${policy.floor.next.title} next`],
    [
      'cutoff',
      left === null
        ? 'not set'
        : left > 0
          ? `in ${durationText(left)}`
          : `passed ${durationText(-left)} ago: the next floor is in force`,
    ],
  ]
  const next = gateway
    ? [
        `point a client at the gateway:  openssl s_client -connect ${addressText(gateway)} -servername ${exampleName(policy.service.names)}`,
        `change the plan:                edit ${file}; it comes into force when saved`,
      ]
    : [`read a log into the store:      tlsunset ingest access.log`]
  return frame(`tlsunset serves ${policy.retirement}`, lines, next, io)
}

/** The same for scripts. The token is part of the address, as it is on screen. */
export function servingDocument(serving: Serving): object {
  return {
    console: serving.consoleUrl,
    gateway: serving.gateway ? addressText(serving.gateway) : null,
    retirement: serving.policy().retirement,
    pid: process.pid,
  }
}

/** A titled block; colour only where somebody looks. */
export function frame(title: string, lines: [string, string][], next: string[], io: Io): string {
  const paint = paintFor(io)
  const width = Math.max(...lines.map(([name]) => name.length))
  return [
    '',
    `  ${paint.doubt('◒')} ${paint.strong(title)}`,
    '',
    ...lines.map(
      ([name, value]) =>
        `    ${paint.faint(name.padEnd(width))}  ${value.startsWith('http') ? paint.strong(value) : value}`,
    ),
    '',
    ...next.map(line => `    ${line}`),
    `    ${paint.faint('Ctrl-C ends everything in good order')}`,
    '',
    '',
  ].join('\n')
}

export function addressText({ host, port }: { host: string; port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

function exampleName(names: readonly string[]): string {
  return names[0]!.replace(/^\*\./, 'contoso.')
}

import type { Io } from './command.ts'

export type Paint = Record<'bad' | 'doubt' | 'good' | 'strong' | 'faint', (text: string) => string>

const codes: Record<keyof Paint, [number, number]> = {
  bad: [31, 39],
  doubt: [33, 39],
  good: [32, 39],
  strong: [1, 22],
  faint: [2, 22],
}

/** Colours for a terminal; plain text anywhere else, and where NO_COLOR is set (https://no-color.org, read November 2026). */
export function paintFor(io: Io): Paint {
  const colours = io.stdout.isTTY === true && !io.env.NO_COLOR && io.env.TERM !== 'dumb'
  return Object.fromEntries(
    Object.entries(codes).map(([name, [on, off]]) => [
      name,
      (text: string) => (colours && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text),
    ]),
  ) as Paint
}

/** Width of the terminal; 100 where there is none. */
export function widthOf(io: Io): number {
  return io.stdout.isTTY ? Math.max(60, io.stdout.columns ?? 100) : 100
}

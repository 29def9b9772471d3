import { Fault } from '../base/fault.ts'
import { printable } from '../base/text.ts'
import type { Io } from './command.ts'

/** Whether something is wrong with one file alone, so that others can still be read. */
export function isOfFile(error: unknown): error is Fault {
  return error instanceof Fault && (error.kind === 'input' || error.kind === 'unreachable')
}

/** Says what is wrong and what helps. */
export function tellFault(fault: Fault, io: Pick<Io, 'stderr'>): void {
  io.stderr.write(`tlsunset: error: ${printable(fault.message)}\n`)
  if (fault.hint) io.stderr.write(`tlsunset: hint: ${printable(fault.hint)}\n`)
}

/**
 * For the end of a command that answered without some of its files: tells of each of them, and throws the first, by whose kind the command
 * exits.
 */
export function endWith(faults: readonly Fault[], io: Pick<Io, 'stderr'>): void {
  for (const fault of faults.slice(1)) tellFault(fault, io)
  if (faults[0]) throw faults[0]
}

/** The same in a document of JSON. */
export function faultsDocument(faults: readonly Fault[]) {
  return faults.map(({ code, message, hint }) => ({ code, message, hint: hint ?? null }))
}

import type { Command } from '../command.ts'
import { command as hostEvaluate } from './host-evaluate.ts'

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [hostEvaluate]

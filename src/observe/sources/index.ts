import type { Source } from '../source.ts'
import { nginx } from './nginx.ts'

/** Every source; where two are equally sure, the one that stands first is taken. */
export const sources: readonly Source[] = [nginx]

import { plural } from '../../base/text.ts'
import type { Dropped } from './tcp.ts'

/** What was given up so that memory stays bounded, for people; empty when nothing was. */
export function droppedText({ connections, outOfOrderBytes }: Dropped): string {
  return [
    connections > 0 &&
      `${plural(connections, 'connection')} let go before the end, because too many were open at once: what came later on them was not looked for`,
    outOfOrderBytes > 0 &&
      `${plural(outOfOrderBytes, 'byte')} out of order read without waiting for what was missing before them`,
  ]
    .filter(Boolean)
    .join('; ')
}

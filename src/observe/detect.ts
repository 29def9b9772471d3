import { Fault } from '../base/fault.ts'
import type { Detected, Sample, Source } from './source.ts'
import { unwrapped, type Wrapping, wrappingsOf } from './wrapping.ts'

export interface Found extends Detected {
  source: Source
}

/**
 * The source that wrote these lines, or null. Of several that may have, one that is sure goes before one that is not. Lines that none
 * is sure of may carry those of a log: they are then read for what is within.
 */
export function detectSource(sources: readonly Source[], sample: Sample): Found | null {
  return detectUpTo(mostWrappings, sources, sample)
}

/** A container engine, a shipper and a search, one around the other. */
const mostWrappings = 3

function detectUpTo(wrappingsLeft: number, sources: readonly Source[], sample: Sample): Found | null {
  const plain = detectPlain(sources, sample)
  if (plain?.certainty === 'sure' || wrappingsLeft === 0) return plain
  const wrapped = detectWrapped(wrappingsLeft - 1, sources, sample)
  if (!plain || !wrapped) return plain ?? wrapped
  // A record with keys says more surely where its values are than its line cut into words.
  return wrapped.certainty === 'sure' || (hasKeys(wrapped) && !hasKeys(plain)) ? wrapped : plain
}

function hasKeys({ layout }: Found): boolean {
  return Object.values(layout.at).some(place => 'keys' in place)
}

function detectWrapped(wrappingsLeft: number, sources: readonly Source[], sample: Sample): Found | null {
  let maybe: Found | null = null
  for (const wrapping of wrappingsOf(sample)) {
    const inner = unwrapped(sample, wrapping)
    const found = inner && detectUpTo(wrappingsLeft, sources, inner)
    if (!found) continue
    const opened = { ...found, source: within(wrapping, found.source) }
    if (found.certainty === 'sure') return opened
    maybe ??= opened
  }
  return maybe
}

/** The same source for lines that carry its own. */
function within(wrapping: Wrapping, source: Source): Source {
  return {
    ...source,
    read: layout => {
      const reading = source.read(layout)
      return {
        ...reading,
        unwrap: [wrapping.sql, ...(reading.unwrap ?? [])],
        ...(wrapping.heading && { reject: `${wrapping.heading}, 'header', ${reading.reject}` }),
      }
    },
  }
}

function detectPlain(sources: readonly Source[], sample: Sample): Found | null {
  let maybe: Found | null = null
  for (const source of sources) {
    const detected = source.detect(sample)
    if (detected?.certainty === 'sure') return { ...detected, source }
    if (detected && !maybe) maybe = { ...detected, source }
  }
  return maybe
}

/**
 * The source named on the command line, with the layout of these lines.
 * Throws a usage Fault for an unknown id, an input Fault when the lines are not of that source.
 */
export function namedSource(sources: readonly Source[], id: string, sample: Sample, file: string): Found {
  const source = sources.find(each => each.id === id)
  if (!source)
    throw new Fault('usage', 'source-unknown', `no such source: ${id}`, {
      hint: `one of ${sources.map(each => each.id).join(', ')}`,
    })
  const found = detectSource([source], sample)
  if (!found)
    throw new Fault('input', 'source-mismatch', `${file} does not look like ${source.title}`, {
      hint: `leave out --source, or see what to switch on: tlsunset ingest --sources`,
    })
  return found
}

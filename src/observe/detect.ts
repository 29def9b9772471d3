import { Fault } from '../base/fault.ts'
import type { Detected, Sample, Source } from './source.ts'

export interface Found extends Detected {
  source: Source
}

/** The source that wrote these lines, or null. Of several that may have, one that is sure goes before one that is not. */
export function detectSource(sources: readonly Source[], sample: Sample): Found | null {
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
  const detected = source.detect(sample)
  if (!detected)
    throw new Fault('input', 'source-mismatch', `${file} does not look like ${source.title}`, {
      hint: `leave out --source, or see what to switch on: tlsunset ingest --sources`,
    })
  return { ...detected, source }
}

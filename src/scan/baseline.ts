import { readFileSync } from 'node:fs'
import { Fault } from '../base/fault.ts'
import type { Finding } from '../model/finding.ts'

/** Fingerprints that a baseline file holds: its own form, or a SARIF file. */
export function readBaseline(path: string): Set<string> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new Fault('input', 'baseline-unreadable', `cannot read baseline ${path}`, {
      hint: 'tlsunset scan --write-baseline FILE makes one',
      cause: error,
    })
  }
  let doc: unknown
  try {
    doc = JSON.parse(text)
  } catch (error) {
    throw new Fault('input', 'baseline-not-json', `baseline ${path} is not JSON`, {
      hint: 'tlsunset scan --write-baseline FILE makes one',
      cause: error,
    })
  }
  const prints = new Set<string>()
  const walk = (value: unknown, key: string) => {
    if (typeof value === 'string' && (key === 'fingerprint' || key === 'tlsunset/v1')) prints.add(value)
    else if (Array.isArray(value)) for (const one of value) walk(one, key)
    else if (value && typeof value === 'object')
      for (const [name, inner] of Object.entries(value)) walk(inner, name)
  }
  walk(doc, '')
  return prints
}

/** The baseline's own form: enough to review it, nothing that moves with lines. */
export function baselineOf(findings: readonly Finding[]): object {
  return {
    what: 'tlsunset scan baseline: findings that were there before and are not reported again',
    findings: findings.map(finding => ({
      fingerprint: finding.fingerprint,
      rule: finding.rule,
      path: finding.place.path,
      text: finding.snippet.trim(),
    })),
  }
}

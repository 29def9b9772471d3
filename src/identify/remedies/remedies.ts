import { readdirSync, readFileSync } from 'node:fs'
import type { Remedy } from '../../model/api.ts'
import type { Clause } from '../../model/prediction.ts'
import type { StackGuess } from '../../model/verdict.ts'

/** A remedy as it is written in a file of this folder. */
export interface RemedyFile extends Remedy {
  /** Ids of the stacks that it is for; empty: for any, by the clause that fails. */
  stacks: string[]
  sections: { title: string; text: string }[]
}

/** The parts that every remedy has, in this order. */
export const remedySections = ['Check', 'Fix', 'Verify', 'Side effects'] as const

let read: ReadonlyMap<string, RemedyFile> | undefined

/** All remedies by id, read from their Markdown files on first use. */
export function remedies(): ReadonlyMap<string, RemedyFile> {
  if (read === undefined) {
    const folder = new URL('./', import.meta.url)
    const files = readdirSync(folder).filter(name => name.endsWith('.md'))
    const found = files.map(name => parseRemedy(readFileSync(new URL(name, folder), 'utf8'), name))
    read = new Map(found.map(remedy => [remedy.id, remedy]))
  }
  return read
}

const byClause: Partial<Record<Clause, string>> = {
  suite: 'suites-outdated',
  group: 'groups-missing',
  signature: 'sha1-signatures',
  certificate: 'certificate-type',
  sni: 'no-sni',
}

/** What a client should change: for an old version its stack says; for anything else the clause does. Null when nothing fails. */
export function remedyFor(clause: Clause | null, stack: StackGuess): string | null {
  if (clause === null) return null
  return byClause[clause] ?? stack.remedy ?? 'unknown-client'
}

/** Reads one file: front matter (`id`, `title`, `stacks`, `sources`), then the sections. Throws a plain Error: the files are ours. */
function parseRemedy(text: string, name: string): RemedyFile {
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text)
  if (!parts) throw new Error(`${name}: no front matter`)
  const [, front = '', body = ''] = parts
  const field = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(front)?.[1]?.trim() ?? ''
  const sections = body
    .split(/^## /m)
    .slice(1)
    .map(section => {
      const end = section.indexOf('\n')
      return { title: section.slice(0, end).trim(), text: section.slice(end).trim() }
    })
  const stacks = field('stacks')
  return {
    id: field('id'),
    title: field('title'),
    stacks: stacks === 'any' ? [] : stacks.split(', '),
    sources: [...front.matchAll(/^ {2}- (.*)$/gm)].map(match => match[1]!),
    sections,
    text: sections.map(section => `${section.title}: ${section.text}`).join('\n\n'),
  }
}

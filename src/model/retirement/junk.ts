import { meantHint } from '../../base/nearest.ts'
import { textPatternProblem } from '../attribution/text-pattern.ts'
import { builtInJunk, type JunkRule } from '../junk/rules.ts'
import type { JunkRuleEntry, RetirementFile } from '../retirement-schema.ts'
import type { Notes, Path } from './notes.ts'

/** The rules that act: those of the file, then the built-in ones that it does not keep. */
export function readJunk(junk: NonNullable<RetirementFile['junk']>, notes: Notes): JunkRule[] {
  const names = builtInJunk.map(rule => rule.name)
  for (const [i, name] of (junk.keep ?? []).entries())
    if (!names.includes(name))
      notes.problem(['junk', 'keep', i], `there is no built-in rule ${name}`, meantHint(name, names))
  const taken = new Set<string>(names)
  const own = (junk.rules ?? []).flatMap((entry, i): JunkRule[] => {
    const path = ['junk', 'rules', i]
    if (taken.has(entry.name))
      notes.problem(
        [...path, 'name'],
        `there is another rule named ${entry.name}`,
        'give it a name of its own',
      )
    taken.add(entry.name)
    return readRule(entry, path, notes)
  })
  return [...own, ...builtInJunk.filter(rule => !junk.keep?.includes(rule.name))]
}

const looksAt = ['userAgent', 'account'] as const

function readRule(entry: JunkRuleEntry, path: Path, notes: Notes): JunkRule[] {
  const [kind, other] = looksAt.filter(key => entry[key] !== undefined)
  if (kind === undefined || other !== undefined) {
    notes.problem(path, 'a junk rule looks at exactly one thing', `one of ${looksAt.join(', ')}`)
    return []
  }
  const { name, because = 'by a rule of the retirement file' } = entry
  const texts = [entry[kind]!].flat()
  for (const [i, text] of texts.entries()) {
    const wrong = /[{}]/.test(text) ? 'has braces, which mean nothing here' : textPatternProblem(text)
    const at = Array.isArray(entry[kind]) ? [...path, kind, i] : [...path, kind]
    if (wrong) notes.problem(at, `${text} ${wrong}`)
    else if (/^\**$/.test(text)) notes.problem(at, `${text} would set everything apart`)
  }
  return [{ name, because, by: kind === 'account' ? 'account' : 'user-agent', patterns: texts }]
}

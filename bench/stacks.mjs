// How well unknown hellos are named: each hello of the table is named with itself, and whatever equals it, taken out. Prints the shares.
import { knownHellos } from '../dist/identify/stacks/compare.js'
import { nameFeatures } from '../dist/identify/stacks/name.js'
import { engineTitles, stacks } from '../dist/identify/stacks/stacks.js'

const known = knownHellos()
const stat = { hellos: 0, top: 0, family: 0, looksLike: 0, unknown: 0, wrong: 0, proves: 0, provesWrong: 0 }
const wrong = []
for (const hello of known) {
  const rest = known.filter(other => other !== hello)
  const guess = nameFeatures(hello.features, hello.ja3, '', rest)
  const engine = stacks.get(hello.stack).engine
  stat.hellos++
  if (guess.strength === 'proves') stat.proves++
  const guessed =
    guess.id === 'unknown'
      ? Object.keys(engineTitles).find(id => guess.title.endsWith(` ${engineTitles[id]}`))
      : stacks.get(guess.id).engine
  if (guess.id === hello.stack) stat.top++
  else if (guess.id !== 'unknown' && guessed === engine) stat.family++
  else if (guess.id === 'unknown' && guessed === engine) stat.looksLike++
  else if (guessed === undefined) stat.unknown++
  else {
    stat.wrong++
    wrong.push(`${hello.stack} (${hello.name}) -> ${guess.id} ${guess.title} ${guess.strength}`)
  }
  const below = stacks.get(hello.stack).program && guessed === engine && !stacks.get(guess.id)?.program
  if (guess.strength === 'proves' && guess.id !== hello.stack && !below) {
    stat.provesWrong++
    wrong.push(`PROVES WRONG ${hello.stack} (${hello.name}) -> ${guess.id}`)
  }
}
console.log(stat)
console.log(wrong.join('\n'))

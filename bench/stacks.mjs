// How well hellos are named that are not in the table of stacks: each entry from a table without it, then without everything from its source.
import { measureNaming } from '../dist/identify/stacks/measure.js'

const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`
let wrong = 0
for (const held of ['entry', 'source']) {
  const score = measureNaming(held)
  wrong += score.provenWrong
  const rest = score.looksLike + score.unknown
  console.log(
    `without its ${held}: ${score.hellos} hellos; ${percent(score.right, score.hellos)} right, ${percent(score.sameLibrary, score.hellos)} right library, ` +
      `${percent(rest, score.hellos)} "unknown" (${score.looksLike} of ${rest} with the right likeness), ${percent(score.wrongLibrary, score.hellos)} wrong suggestion; ${percent(score.right + score.sameLibrary + score.looksLike, score.hellos)} right or of the right library; ` +
      `${score.proven} proven, ${score.provenWrong} of them wrongly`,
  )
  for (const line of score.mistakes) console.log(`  ${line}`)
}
process.exitCode = wrong === 0 ? 0 : 1

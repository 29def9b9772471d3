// How often a customer who goes on as before is called ready: made-up customers with known rhythms, asked every day for four months.
import { calendars, measureReady } from '../dist/identify/measure-ready.js'

const accounts = 60
let worst = 0
for (const cleanCycles of [1, 2]) {
  console.log(`clean cycles asked for: ${cleanCycles}`)
  for (const calendar of calendars) {
    const score = measureReady(calendar, { accounts, cleanCycles, seed: 1 })
    const rate = (100 * score.falselyReady) / score.asked
    if (cleanCycles === 2) worst = Math.max(worst, rate)
    const ever = (100 * score.accountsFalselyReady) / score.accounts
    const noticed =
      score.noticedAfterDays === null ? 'not within a year' : `after ${score.noticedAfterDays} days`
    console.log(
      `  ${score.title.padEnd(58)} ${rate.toFixed(2).padStart(6)} % of ${score.asked} answers falsely ready, ${ever.toFixed(1).padStart(5)} % of accounts ever; a real stop is noticed ${noticed}`,
    )
  }
}
console.log(
  `with 2 clean cycles, which is the default: at most ${worst.toFixed(2)} % falsely ready in any rhythm`,
)

// How often what came lay in the range that a forecast had stated: made-up burn-downs, looked back upon from every week.
import { courses, measureForecast } from '../dist/identify/measure-forecast.js'

let held = 0
let all = 0
for (const aheadDays of [14, 30, 60]) {
  console.log(`${aheadDays} days ahead, stated: at least 90 %`)
  for (const course of courses) {
    const score = measureForecast(course, { runs: 200, seed: 1, aheadDays })
    held += score.inRange
    all += score.forecasts
    console.log(
      `  ${score.title.padEnd(50)} ${((100 * score.inRange) / score.forecasts).toFixed(1).padStart(5)} % of ${String(score.forecasts).padStart(4)} in the range; off by ${score.error.toFixed(1).padStart(4)}, range ${score.width.toFixed(0).padStart(3)} wide (middle of all)`,
    )
  }
}
console.log(`over all: ${((100 * held) / all).toFixed(1)} % in the range`)

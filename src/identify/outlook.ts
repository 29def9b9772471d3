/** A number that is not known yet, in the middle and at both ends. */
export interface Outlook {
  value: number
  range: [number, number]
  /** The numbers that it was made from, in words, for whoever wants to check it. */
  working: string
}

/** Fewer days than this say nothing about what comes. */
const fewestDays = 8

/** z of the 95th percentile: 5 % on either side. */
const z = 1.645

/**
 * How many are left `aheadDays` after the last of `counts`, going by what stretches of the past of that length brought, both in numbers and in shares
 * of those that were left: nobody comes back. The range reaches from the slowest to the fastest stretch, further the fewer of them there were, and by chance itself:
 * stretches of one history are not independent as the points of a regression would have to be. `measureForecast` tells how often it holds.
 * Further ahead than the past reaches back all that are left may well stay, since the last are seldom like the first. Undefined when there are too
 * few days.
 */
export function outlook(counts: readonly number[], aheadDays: number): Outlook | undefined {
  const known = counts.length
  if (known < fewestDays || aheadDays <= 0) return undefined
  const left = counts.at(-1)!
  const span = Math.max(1, Math.min(Math.ceil(aheadDays), Math.floor(known / 2)))
  const perDay: number[] = []
  const shares: number[] = []
  for (let at = 0; at + span < known; at++) {
    const [before, after] = [counts[at]!, counts[at + span]!]
    perDay.push((before - after) / span)
    if (before > 0) shares.push(1 - (after / before) ** (1 / span))
  }
  const stretches = known / span
  const bySteps = spread(perDay, stretches, rate => rate * aheadDays)
  const byShares = spread(shares, stretches, rate => left * (1 - (1 - Math.min(1, rate)) ** aheadDays))
  const fewest = Math.min(bySteps.least, byShares.least)
  const most = Math.max(bySteps.most, byShares.most)
  // Nobody in so many days: up to three could be the chance of it (the rule of three, at 95 %).
  const atMost = Math.max(most + z * Math.sqrt(Math.max(0, most)), (3 * aheadDays) / known)
  const atLeast = fewest - z * Math.sqrt(Math.max(0, fewest))
  const spreadText = ({ least, middle, most }: Spread) =>
    `${short(middle)} (${short(least)} to ${short(most)})`
  return {
    value: inside(left - (bySteps.middle + byShares.middle) / 2, left),
    range: [inside(left - atMost, left), aheadDays > known ? left : left - Math.max(0, atLeast)],
    working:
      `${left} less the mean of ${spreadText(bySteps)} going in numbers and ${spreadText(byShares)} going in shares of those left, in ${short(aheadDays)} days by ` +
      `${perDay.length} stretches of ${span} of ${known} days; the range lets ${short(atMost)} to ${aheadDays > known ? '0 (further ahead than the past reaches back)' : short(Math.max(0, atLeast))} go, chance (${z} standard deviations of a count) included`,
  }
}

/** How the number changes per week, by stretches of up to four weeks, and between which ends. Undefined when there are too few days. */
export function weeklyPace(counts: readonly number[]): Outlook | undefined {
  const known = counts.length
  if (known < fewestDays) return undefined
  const span = Math.min(28, Math.floor(known / 2))
  const perDay = counts.slice(span).map((count, at) => (count - counts[at]!) / span)
  const { least, middle, most } = spread(perDay, known / span, rate => 7 * rate)
  return {
    value: middle,
    range: [least, most],
    working: `7 times the daily change over ${perDay.length} stretches of ${span} of ${known} days: ${short(middle)} in the middle, ${short(least)} and ${short(most)} at the slow and the fast tenth, moved outwards by as much as ${short(known / span)} stretches side by side leave open`,
  }
}

function short(value: number): string {
  return String(Number(value.toFixed(2)))
}

interface Spread {
  least: number
  middle: number
  most: number
}

/** Departures by the slowest, the middle and the fastest stretch; beyond the ends by as much as so few stretches leave open. */
function spread(rates: readonly number[], stretches: number, departures: (rate: number) => number): Spread {
  const sorted = [...rates].sort((a, b) => a - b)
  if (sorted.length === 0) return { least: 0, middle: 0, most: 0 }
  const rank = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!
  const [low, high] = [rank(0.1), rank(0.9)]
  const beyond = (high - low) / stretches
  return {
    least: departures(low - beyond),
    middle: departures(rank(0.5)),
    most: departures(high + beyond),
  }
}

function inside(count: number, left: number): number {
  return Math.min(left, Math.max(0, count))
}

/** The range in whole accounts, outwards. */
export function wholeAccounts([low, high]: [number, number]): [number, number] {
  return [Math.floor(low), Math.ceil(high)]
}

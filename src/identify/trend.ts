/** A straight line through noisy counts that a few odd days cannot bend, with the range that the counts allow. */
export interface Trend {
  /** Change per step; the middle one of the slopes between all pairs of points (Theil and Sen). */
  slope: number
  /** The range that holds the slope 90 times in 100 (Sen 1968, from the variance of Kendall's statistic). */
  slopeRange: [number, number]
  /** Number of points it rests on. */
  points: number
  /** The value at a step: the middle, lowest and highest that the range allows. */
  at(step: number): { value: number; range: [number, number] }
}

/** Fewer points than this say nothing about a direction. */
const fewestPoints = 8

/** z of the 95th percentile: 5 % on either side. */
const z = 1.645

/** Theil–Sen over points [step, value]; undefined when there are too few. O(n²): meant for days, not for millions. */
export function trendOf(points: readonly (readonly [number, number])[]): Trend | undefined {
  if (points.length < fewestPoints) return undefined
  const slopes: number[] = []
  for (let i = 0; i < points.length; i++)
    for (let j = i + 1; j < points.length; j++) {
      const run = points[j]![0] - points[i]![0]
      if (run !== 0) slopes.push((points[j]![1] - points[i]![1]) / run)
    }
  if (slopes.length === 0) return undefined
  slopes.sort((a, b) => a - b)
  const slope = middle(slopes)
  const n = points.length
  const spread = z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
  const low = slopes[Math.max(0, Math.floor((slopes.length - spread) / 2))]!
  const high = slopes[Math.min(slopes.length - 1, Math.ceil((slopes.length + spread) / 2))]!
  const last = points.at(-1)!
  // The line goes through the middle of the points; how far they lie from it is part of the range.
  const residuals = points.map(([step, value]) => value - slope * step).sort((a, b) => a - b)
  const intercept = middle(residuals)
  const distance = residuals.map(residual => Math.abs(residual - intercept)).sort((a, b) => a - b)
  const noise = distance[Math.min(distance.length - 1, Math.ceil(0.9 * distance.length))]!
  return {
    slope,
    slopeRange: [low, high],
    points: n,
    at(step) {
      const value = intercept + slope * step
      const ahead = step - last[0]
      const anchor = intercept + slope * last[0]
      return {
        value,
        range: [anchor + low * ahead - noise, anchor + high * ahead + noise],
      }
    },
  }
}

function middle(sorted: readonly number[]): number {
  const half = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2
}

export const secondMs = 1_000
export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000
export const weekMs = 7 * dayMs

/** `2026-11-20 14:03 UTC`. */
export function utcMinute(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** `2026-11-20`, in UTC. */
export function utcDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}

/** Start of the UTC day. */
export function startOfDay(atMs: number): number {
  return Math.floor(atMs / dayMs) * dayMs
}

/** Hour of the week, 0 to 167, Monday 00:00 UTC first. 1970-01-01 was a Thursday. */
export function hourOfWeek(atMs: number): number {
  const hours = Math.floor(atMs / hourMs) + 3 * 24
  return ((hours % 168) + 168) % 168
}

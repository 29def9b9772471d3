import { countText } from './text.ts'

/** The largest two units that say something: `31 days`, `1 day 4 h`, `2 min 15 s`, `9 s`. Never negative. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor((seconds % 86_400) / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  if (days >= 3) return `${countText(days)} days`
  if (days > 0)
    return [`${days} ${days === 1 ? 'day' : 'days'}`, ...(hours > 0 ? [`${hours} h`] : [])].join(' ')
  if (hours > 0) return [`${hours} h`, ...(minutes > 0 ? [`${minutes} min`] : [])].join(' ')
  if (minutes > 0) return [`${minutes} min`, ...(seconds % 60 > 0 ? [`${seconds % 60} s`] : [])].join(' ')
  return `${seconds} s`
}

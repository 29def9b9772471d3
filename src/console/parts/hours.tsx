import { plural } from '../../base/text.ts'
import { Empty } from './card.tsx'

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** When in the week: seven rows of 24 hours (UTC). Hours with old offers are filled; hours with only good ones are outlined. */
export function Hours({ all, breaking }: { all: number[]; breaking: number[] }) {
  const most = Math.max(...breaking, 1)
  const mostAll = Math.max(...all, 1)
  if (Math.max(...all, 0) === 0) return <Empty title="Not seen in the window" />
  return (
    <div class="hours">
      <svg viewBox="0 0 366 116" role="img" aria-label={describe(breaking)}>
        {dayNames.map((name, row) => (
          <text key={name} x="0" y={row * 14 + 11}>
            {name}
          </text>
        ))}
        {all.map((count, hour) => {
          const old = breaking[hour] ?? 0
          return (
            <rect
              key={`${hour}`}
              class={old > 0 ? 'old' : count > 0 ? 'good' : 'none'}
              x={30 + (hour % 24) * 14}
              y={Math.floor(hour / 24) * 14}
              width="12"
              height="12"
              rx="2.5"
              fill-opacity={
                old > 0 ? 0.3 + (0.7 * old) / most : count > 0 ? 0.25 + (0.5 * count) / mostAll : 1
              }
            >
              <title>{`${dayNames[Math.floor(hour / 24)]} ${String(hour % 24).padStart(2, '0')}:00 UTC: ${plural(old, 'old offer')} of ${plural(count, 'connection')}`}</title>
            </rect>
          )
        })}
        {[0, 6, 12, 18].map(hour => (
          <text key={hour} x={30 + hour * 14} y="112">
            {String(hour).padStart(2, '0')}:00
          </text>
        ))}
      </svg>
    </div>
  )
}

function describe(breaking: number[]): string {
  const busiest = breaking.indexOf(Math.max(...breaking))
  if (Math.max(...breaking, 0) === 0) return 'No old offers at any hour of the week'
  return `Old offers come most often on ${dayNames[Math.floor(busiest / 24)]} at ${busiest % 24}:00 UTC`
}

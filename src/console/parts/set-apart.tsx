import { countText, listText, plural } from '../../base/text.ts'
import { report, withJunk } from '../live.ts'

/** What is in none of the numbers, by rule, and the way to count it. */
export function SetApart() {
  const junk = report.value?.junk ?? []
  const total = junk.reduce((sum, rule) => sum + rule.connections, 0)
  if (!withJunk.value && total === 0) return null
  return (
    <div class="set-apart">
      <span>
        {withJunk.value ? (
          'Everything is counted, scanners, probes and crawlers included.'
        ) : (
          <>
            <b>{plural(total, 'connection')}</b> set apart as junk and in no number here:{' '}
            {listText(junk.map(({ rule, connections }) => `${rule} ${countText(connections)}`))}.
          </>
        )}
      </span>
      <button
        type="button"
        class="chip"
        aria-pressed={withJunk.value}
        onClick={() => {
          withJunk.value = !withJunk.value
        }}
      >
        {withJunk.value ? 'Set junk apart' : 'Count it'}
      </button>
      {!withJunk.value && (
        <details>
          <summary>Why</summary>
          <ul>
            {junk.map(({ rule, because, accounts }) => (
              <li key={rule}>
                <b>{rule}</b>: {because}
                {accounts > 0 && `; ${plural(accounts, 'customer')} among them`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

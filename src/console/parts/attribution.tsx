import { countText, percentText } from '../../base/text.ts'
import { unattributed } from '../../model/api.ts'
import { report } from '../live.ts'
import { accountHref } from '../route.ts'
import { Card, Empty, Waiting } from './card.tsx'

/** How customers are known: by which rule, how surely, and how much traffic is of nobody that is known. */
export function Attribution() {
  const known = report.value
  const total = (known?.attribution ?? []).reduce((sum, entry) => sum + entry.connections, 0)
  return (
    <Card title="How customers are known">
      {known === undefined ? (
        <Waiting lines={2} />
      ) : total === 0 ? (
        <Empty title="No traffic to attribute" />
      ) : (
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">Confidence</th>
              <th scope="col" class="number">
                Connections
              </th>
              <th scope="col" class="number">
                Customers
              </th>
            </tr>
          </thead>
          <tbody>
            {known.attribution.map(({ by, confidence, connections, accounts }) => (
              <tr key={`${by} ${confidence}`}>
                <th scope="row">
                  {confidence === 'none' ? <a href={accountHref(unattributed)}>{unattributed}</a> : by}
                </th>
                <td>{confidence}</td>
                <td class="number">
                  {countText(connections)} <span class="quiet">{percentText(connections / total)}</span>
                </td>
                <td class="number">{confidence === 'none' ? '–' : countText(accounts)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}

import { durationText } from '../../base/duration.ts'
import { summary } from '../live.ts'
import { Alarms } from '../parts/alarms.tsx'
import { Attribution } from '../parts/attribution.tsx'
import { BurnDown } from '../parts/burn-down.tsx'
import { Decision } from '../parts/decision.tsx'
import { Exemptions } from '../parts/exemptions.tsx'
import { PolicyChange } from '../parts/policy-change.tsx'
import { Pulse } from '../parts/pulse.tsx'
import { Refusals } from '../parts/refusals.tsx'
import { Ribbon } from '../parts/ribbon.tsx'
import { Schedule } from '../parts/schedule.tsx'
import { Sentence } from '../parts/sentence.tsx'
import { SetApart } from '../parts/set-apart.tsx'
import { Sources } from '../parts/sources.tsx'
import { WhoIsLeft } from '../parts/who-is-left.tsx'

/** The first page: the sentence, how it got there, who is left, what happens when. */
export function Overview() {
  const known = summary.value
  return (
    <div class="overview">
      <Alarms />
      <Sentence />
      <SetApart />
      <Ribbon />
      <div class="grid wide-narrow">
        <BurnDown />
        <div class="stack">
          <Pulse />
          <Refusals />
        </div>
      </div>
      <WhoIsLeft />
      <div class="grid halves">
        <div class="stack">
          <PolicyChange />
          <Sources />
        </div>
        <div class="stack">
          <Decision />
          <Schedule />
          <Exemptions />
          <Attribution />
        </div>
      </div>
      {known && (
        <footer class="foot">
          Numbers cover the last {durationText(known.window.toMs - known.window.fromMs)} (UTC), counted in
          connections. A customer breaks when at least one of their clients sends an offer that fails the next
          floor; every verdict names its clause.
        </footer>
      )}
    </div>
  )
}

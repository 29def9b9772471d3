import type { ReportAnswer } from '../../model/api.ts'
import type { Report } from '../../model/verdict.ts'
import { questionOf } from '../window.ts'
import type { Routes } from './route.ts'

/** `GET /v1/report`: the whole report with what it rests on, as `tlsunset report` prints it. */
export const report: Routes = (api, { facts, now }) => {
  // As many accounts as there are take longer to write down than to judge: the text lives as long as the report.
  const written = new WeakMap<Report, Buffer>()
  api.get('/report', async context => {
    const question = questionOf(context, now())
    const [report, { sources }] = await Promise.all([facts.report(question), facts.foundations(question)])
    const text =
      written.get(report) ?? Buffer.from(JSON.stringify({ report, sources } satisfies ReportAnswer))
    written.set(report, text)
    return context.body(new Uint8Array(text), 200, { 'content-type': 'application/json' })
  })
}

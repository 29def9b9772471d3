import type { Context } from 'hono'
import { csvLine } from '../../base/csv.ts'
import { Fault } from '../../base/fault.ts'
import { type AuditLine, auditColumns } from '../../identify/audit-line.ts'
import { unattributed, type Window } from '../../model/api.ts'
import type { Facts } from '../facts.ts'
import { number, windowOf } from '../window.ts'
import type { Routes } from './route.ts'

/** Lines read at a time where a whole log is written. */
const streamedPage = 5000

/**
 * `GET /v1/accounts/:account/audit`: every connection of an account that is still kept, oldest first, with its verdict under the next floor.
 * JSON comes a page at a time (`?limit=`, `?after=`, and the next page as a Link); JSON Lines and CSV come whole, as they are read, unless
 * `?limit=` asks for a page of them. The form is chosen by `?format=` or by Accept.
 *
 * `GET /v1/sightings?account=`: the same connections unjudged, for commands with a floor of their own.
 */
export const audit: Routes = (api, { facts, now }) => {
  api.get('/accounts/:account/audit', async context => {
    const name = context.req.param('account')
    const account = name === unattributed ? '' : name
    const form = formOf(context)
    const limit = context.req.query('limit')
    const query = { ...windowOf(context, now()), account }
    context.header('content-type', form.type)
    context.header('vary', 'accept')
    if (limit === undefined && form.streams) return context.body(wholeLog(facts, query, form))
    const page = await facts.auditLines({
      ...query,
      limit: number('limit', limit, 1000, 10_000),
      ...afterOf(context),
    })
    if (page.next !== null) context.header('link', nextLink(context, query, page.next))
    return context.body(form.head + form.page(page.lines, page.next))
  })

  api.get('/sightings', async context =>
    context.json(
      await facts.sightings({
        ...windowOf(context, now()),
        account: context.req.query('account') ?? '',
        limit: number('limit', context.req.query('limit'), 1000, 10_000),
        ...afterOf(context),
      }),
    ),
  )
}

interface Form {
  type: string
  streams: boolean
  head: string
  page(lines: readonly AuditLine[], next: string | null): string
}

const forms: Record<'json' | 'jsonl' | 'csv', Form> = {
  json: {
    type: 'application/json',
    streams: false,
    head: '',
    page: (lines, next) => JSON.stringify({ lines, next }),
  },
  jsonl: {
    type: 'application/jsonl',
    streams: true,
    head: '',
    page: lines => lines.map(line => `${JSON.stringify(line)}\n`).join(''),
  },
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    streams: true,
    head: csvLine(auditColumns),
    page: lines => lines.map(line => csvLine(auditColumns.map(column => line[column]))).join(''),
  },
}

function formOf(context: Context): Form {
  const wanted = context.req.query('format')
  if (wanted !== undefined) {
    const form = Object.entries(forms).find(([name]) => name === wanted)?.[1]
    if (form) return form
    throw new Fault('usage', 'no-such-format', `no such format: ${JSON.stringify(wanted.slice(0, 40))}`, {
      hint: `one of ${Object.keys(forms).join(', ')}`,
    })
  }
  const accept = context.req.header('accept') ?? ''
  if (/\btext\/csv\b/i.test(accept)) return forms.csv
  return /\bapplication\/(?:jsonl|x-ndjson|jsonlines)\b/i.test(accept) ? forms.jsonl : forms.json
}

function afterOf(context: Context): { after?: string } {
  const after = context.req.query('after')
  return after === undefined ? {} : { after }
}

/** RFC 8288. The window is fixed in it: by the time the next page is asked for, "the last 90 days" are others. */
function nextLink(context: Context, window: Window, next: string): string {
  const url = new URL(context.req.url)
  url.searchParams.delete('days')
  url.searchParams.set('from', new Date(window.fromMs).toISOString())
  url.searchParams.set('to', new Date(window.toMs).toISOString())
  url.searchParams.set('after', next)
  return `<${url.pathname}${url.search}>; rel="next"`
}

/** The log page by page, as fast as it is taken: never more than one page in memory. A reader that leaves ends it. */
function wholeLog(facts: Facts, query: Window & { account: string }, form: Form): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let after: string | undefined
  let isFirst = true
  return new ReadableStream({
    async pull(controller) {
      const page = await facts.auditLines({
        ...query,
        limit: streamedPage,
        ...(after === undefined ? {} : { after }),
      })
      const text = (isFirst ? form.head : '') + form.page(page.lines, null)
      isFirst = false
      if (text !== '') controller.enqueue(encoder.encode(text))
      if (page.next === null) controller.close()
      else after = page.next
    },
  })
}

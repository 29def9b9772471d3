import { z } from 'zod'

/** What commands print with --json, field by field: the reference page is written from it, and a test holds the commands to it. */

const count = (what: string) => z.int().min(0).describe(what)
const share = (what: string) => z.number().min(0).max(1).describe(what)
const time = (what: string) => z.iso.datetime().nullable().describe(`${what}; null when there is none`)
const day = (what: string) => z.iso.date().describe(what)
const text = (what: string) => z.string().describe(what)
const texts = (what: string) => z.array(z.string()).describe(what)
const byName = (what: string) => z.record(z.string(), z.int()).describe(what)
const window = z
  .strictObject({ from: time('start'), to: time('end, not included') })
  .describe('what was looked at, in UTC')

const stack = z
  .strictObject({
    id: text('id in the table of client stacks; `unknown` when nothing matched'),
    title: text('what it is called'),
    strength: z.enum(['proves', 'suggests']).describe('whether the hello is known from this stack only'),
    also: texts('others that send the same hello, or one as near'),
    check: z.string().nullable().describe('what to look at on the client to be certain'),
    remedy: z.string().nullable().describe('id of the remedy; null when nothing is to be done'),
  })
  .describe('the client stack behind a hello')

const clause = z
  .enum(['version', 'fallback', 'suite', 'group', 'signature', 'certificate', 'sni', 'alpn'])
  .describe('the clause of the floor that fails')

const outcomes = {
  connections: count('connections, operations or lines seen'),
  accepted: count('of those, let in'),
  refused: count('refused by the edge'),
  failed: count('ended otherwise'),
  would_break: count('whose offer fails the next floor'),
}

const attributed = z.array(
  z.strictObject({
    by: text('the rule that named the account; empty when none did'),
    confidence: z.enum(['certain', 'likely', 'guessed', 'none']).describe('how surely'),
    connections: count('connections tied that way'),
  }),
)

const attributedOverall = z
  .array(
    z.strictObject({
      by: text('the rule that named the account; empty when none did'),
      confidence: z.enum(['certain', 'likely', 'guessed', 'none']).describe('how surely'),
      connections: count('connections tied that way'),
      accounts: count('accounts'),
    }),
  )
  .describe('how traffic was tied to accounts')

const account = {
  account: text('its name; empty for traffic of no account'),
  unattributed: z.literal(true).optional().describe('this is the traffic of no known account'),
  service: text('the service'),
  verdict: z.enum(['breaks', 'unsure', 'clear', 'unseen']).describe('under the next floor'),
  because: text('the sentence that explains the verdict, with its numbers'),
  clauses: z.array(clause).describe('clauses that fail, the most frequent first'),
  ...outcomes,
  first_seen: time('first connection in the window'),
  last_seen: time('last connection'),
  last_breaking: time('last connection whose offer fails the next floor'),
  exempt_until: time('end of its exemption'),
  attributed_by: attributed.describe('how its traffic was tied to it'),
  stacks: z
    .array(stack)
    .describe('its client stacks, the most frequent first; those that break when any does'),
  blind: texts('what the sources behind this verdict cannot see'),
}

const junk = z
  .array(
    z.strictObject({
      rule: text('the rule'),
      because: text('why this is nobody who depends on the service'),
      connections: count('connections set apart'),
      accounts: count('accounts they would count for'),
    }),
  )
  .describe('what was set apart and is in no other number')

const coverage = z
  .array(
    z.strictObject({
      source: text('id of the source'),
      first_seen: time('first observation'),
      last_seen: time('last observation'),
      connections: count('in the window'),
      per_day: z.number().describe('connections on a usual day'),
      silent: z.boolean().describe('nothing came for longer than this source ever is quiet'),
      gaps: z
        .array(z.strictObject({ from: time('start'), to: time('end') }))
        .describe('when nothing came although something should have'),
    }),
  )
  .describe('when each source delivered')

const explain = z
  .array(
    z.strictObject({
      number: text('its place in this document'),
      value: z.number().nullable().describe('the number'),
      query: z.string().nullable().describe('gives it again: `tlsunset store query`'),
      rule: text('what the number is'),
    }),
  )
  .optional()
  .describe('only with --explain')

const habit = z.strictObject({
  stack: text('the client stack'),
  stopped: z.boolean().describe('its old offers stayed away for the agreed number of its cycles'),
  rhythm: z.enum(['once', 'daily', 'weekly', 'monthly', 'month-end', 'irregular']).describe('how it comes'),
  days_seen: count('days with an offer that breaks'),
  first_day: day('the first of them'),
  last_day: day('the last of them'),
  cycle_days: z.int().nullable().describe('after so many days it should have come again'),
  days_away: count('days since the last'),
  clean_cycles: count('whole cycles that passed without it'),
  would_have_been_seen: share('how surely it would have been seen by now if it had not stopped'),
  due: z.iso.date().nullable().describe('when it is due again'),
  usual_hours: texts('the busiest hours of its week, UTC'),
})

const skipped = byName('lines and connections that gave no observation, by reason')
const accountsBy = text('how accounts came about')
const faults = z
  .array(
    z.strictObject({
      code: text('what is wrong, as one word'),
      message: text('the same for people, with the name of the file'),
      hint: z.string().nullable().describe('what helps; null when there is nothing to say'),
    }),
  )
  .describe('files that were named and could not be read: nothing of them is in here')

const report = z.strictObject({
  retirement: text('name of the retirement; empty without a retirement file'),
  service: text('names of the service'),
  source: text('the sources, joined by commas'),
  sources: texts('ids of the sources'),
  accounts_by: accountsBy,
  faults,
  window,
  floor: text('the floor that was judged against'),
  cutoff: time('the cutoff'),
  observations: count('connections seen'),
  skipped,
  totals: z
    .strictObject({
      accounts: count('accounts ever seen or exempt'),
      accounts_that_break: count('of those, with an offer that fails the next floor'),
      ...outcomes,
    })
    .describe('over all accounts'),
  by_version: byName(
    'connections by the version that was agreed, else the highest offered; `none` has neither',
  ),
  offered: byName('connections by the highest version offered'),
  negotiated: byName('connections by the version agreed'),
  by_stack: z
    .array(
      z.strictObject({
        id: text('id of the stack'),
        title: text('what it is called'),
        connections: count('connections'),
        would_break: count('of those, that would break'),
        accounts: count('accounts that use it'),
        remedy: z.string().nullable().describe('id of the remedy'),
      }),
    )
    .optional()
    .describe('only with --by stack'),
  attribution: attributedOverall,
  notes: texts('what was odd about a file, or about lines of it'),
  junk,
  coverage,
  accounts: z.array(z.strictObject(account)).describe('those that break first'),
  explain,
})

const client = z.strictObject({
  shape: text('id of the hello; empty where no source saw it'),
  ja3: text('JA3'),
  ja4: text('JA4'),
  stack,
  offered_max: z.string().nullable().describe('highest version offered'),
  negotiated: byName('connections by version agreed'),
  breaks: clause.nullable(),
  because: text('why'),
  connections: outcomes.connections,
  would_break: outcomes.would_break,
  refused: outcomes.refused,
  first_seen: time('first connection'),
  last_seen: time('last connection'),
  user_agents: texts('user agents, a few'),
  addresses: count('distinct client addresses'),
  snis: texts('names asked for, a few'),
  suites: texts('suites offered; empty where no source saw the hello'),
})

const accountDocument = z.strictObject({
  ...account,
  accounts_by: accountsBy,
  faults,
  junk,
  coverage,
  clients: z.array(client).describe('its clients, those that break first'),
  old_offers: z.array(habit).describe('when its old offers come, by client stack'),
  remedies: z
    .array(
      z.strictObject({
        id: text('id'),
        title: text('title'),
        sections: z
          .array(
            z.strictObject({ title: text('Check, Fix, Verify or Side effects'), text: text('Markdown') }),
          )
          .describe('its parts'),
        sources: texts('where it is from'),
      }),
    )
    .describe('what to change'),
  explain,
})

const breaking = z.array(
  z.strictObject({
    account: account.account,
    connections: outcomes.connections,
    would_break: outcomes.would_break,
    clauses: account.clauses,
    last_breaking: account.last_breaking,
  }),
)

const whatIf = z.strictObject({
  accounts_by: accountsBy,
  faults,
  window,
  shapes: count('distinct hellos that were negotiated'),
  skipped,
  junk,
  coverage,
  floors: z
    .array(
      z.strictObject({
        floor: text('the candidate'),
        connections: outcomes.connections,
        would_break: outcomes.would_break,
        share: share('would_break of connections; null when nothing was seen').nullable(),
        by_hello: count('of those that would break, judged from their hello'),
        unsure: count('connections about which nothing certain can be said'),
        accounts: count('accounts seen'),
        accounts_that_break: count('accounts that would break'),
        clauses: z
          .array(z.strictObject({ clause, connections: count('that fail it'), accounts: count('accounts') }))
          .describe('the most frequent first'),
        stacks: z
          .array(
            z.strictObject({
              id: text('id of the stack'),
              title: text('what it is called'),
              connections: count('that would break'),
              accounts: count('accounts'),
              remedy: z.string().nullable().describe('id of the remedy'),
            }),
          )
          .describe('client stacks that would break'),
        breaking: breaking.describe('accounts that would break, the most affected first'),
      }),
    )
    .describe('one entry for each --floor'),
  diff: z
    .strictObject({
      from: text('the first floor'),
      to: text('the second'),
      both: texts('accounts that break under both'),
      added: breaking.describe('that break only under the second'),
      removed: breaking.describe('that break only under the first'),
    })
    .optional()
    .describe('only with --diff'),
  explain,
})

const range = z.strictObject({
  value: z.number().describe('the middle'),
  range: z.tuple([z.number(), z.number()]).describe('between which it lies at least 9 times in 10'),
})
const left = z.array(
  z.strictObject({
    account: account.account,
    days_seen: count('days with an offer that breaks, of any stack'),
    first_day: day('the first of them'),
    last_day: day('the last of them'),
    stacks: z.array(habit).describe('by client stack, the one furthest from clean first'),
  }),
)
const numbers = z.strictObject({
  remaining: count('accounts left'),
  stopped: count('that have stopped'),
  exempt: count('exempt beyond the cutoff'),
  connections: outcomes.connections,
  would_break: outcomes.would_break,
})
const dates = z.strictObject({
  cutoff: time('the cutoff'),
  brownouts: z.array(window).describe('brownouts'),
  ramp: z.array(z.strictObject({ at: time('from then on'), share: share('of accounts') })).describe('ramp'),
})

const forecast = z.strictObject({
  floor: text('the floor that was judged against'),
  accounts_by: accountsBy,
  faults,
  window,
  now: time('as of when'),
  cutoff: time('the cutoff'),
  decision: z
    .strictObject({
      go: z
        .boolean()
        .nullable()
        .describe(
          'null when it cannot be said: nothing seen, a source silent, or unattributed traffic breaks',
        ),
      because: text('how many are left, what was agreed, and what speaks against it'),
    })
    .describe('go or no go by what the retirement file has agreed'),
  per_week: range.nullable().describe('change of the accounts left; null when the days are too few'),
  at_cutoff: range.nullable().describe('accounts left at the cutoff; null without a cutoff ahead'),
  remaining: left.describe('accounts that still break, the one that is due soonest first'),
  stopped: left.describe('that broke and have stopped'),
  exempt: left.describe('with an exemption that outlives the cutoff'),
  unattributed: z.array(habit).describe('client stacks of no known account that break and have not stopped'),
  burn_down: z
    .array(
      z.strictObject({
        day: day('UTC'),
        accounts: count('left at its end'),
        connections: count('of all accounts and of nobody, junk apart'),
        would_break: count('of those'),
      }),
    )
    .describe('one entry a day'),
  skipped,
  junk,
  coverage,
  record: z
    .strictObject({
      decisions: z
        .array(
          z.strictObject({
            day: day('for which it speaks'),
            at: time('when it was made'),
            go: z.boolean().nullable().describe('the decision'),
            because: text('why'),
            window,
            thresholds: z
              .strictObject({
                max_accounts_that_break: count('ready.maxAccountsThatBreak'),
                clean_cycles: count('ready.cleanCycles'),
              })
              .describe('as agreed'),
            numbers: numbers.describe('what it rested on'),
            remaining: texts('who was left; at most a hundred names'),
            cutoff: time('the cutoff then'),
            policy_hash: text('hash of the retirement file'),
          }),
        )
        .describe('oldest first'),
      slips: z
        .array(
          z.strictObject({
            at: time('when the change was seen'),
            from: dates.nullable().describe('null for the first dates seen'),
            to: dates.describe('the dates since'),
            cutoff_moved_days: z.number().nullable().describe('later is more'),
            numbers: numbers.nullable().describe('what they were then'),
            policy_hash: text('hash of the retirement file'),
          }),
        )
        .describe('changes of the dates, oldest first'),
    })
    .optional()
    .describe('from a store, with a retirement file'),
  explain,
})

const audit = z.strictObject({
  at: time('when'),
  address: text('client address'),
  sni: text('name asked for'),
  stack: text('the client stack, as surely as it is known'),
  user_agent: text('user agent'),
  operation: text('operation, where known'),
  offered_max: z.string().nullable().describe('highest version offered'),
  negotiated: z.string().nullable().describe('version agreed'),
  suite: z.string().nullable().describe('suite agreed'),
  outcome: z.enum(['accepted', 'refused', 'failed']).describe('how it ended'),
  verdict: z
    .enum(['breaks', 'clear', 'unsure', 'none'])
    .describe('under the next floor; none: says nothing about the client’s TLS'),
  clause: clause.nullable(),
  reason: text('why, and what it is inferred from where no hello was seen'),
  remedy: z.string().nullable().describe('id of the remedy'),
  remedy_title: z.string().nullable().describe('what it asks for, in one line'),
  count: count('how often this exact line was seen'),
  attributed_by: text('the rule that named the account'),
  confidence: z.enum(['certain', 'likely', 'guessed', 'none']).describe('how surely'),
  junk: z.string().nullable().describe('the junk rule by which it is set apart'),
})

const place = {
  path: text(
    'file, from the folder where the command ran if the scanned one lies in it, else from the scanned one; forward slashes',
  ),
  start: count('offset of the first character in the decoded text'),
  end: count('offset behind the last one'),
  line: count('line, from 1'),
  column: count('column in UTF-16 units, from 1'),
  endLine: count('line of the end'),
  endColumn: count('column of the end'),
}

const scan = z.strictObject({
  floor: text('the floor that was judged against'),
  findings: z
    .array(
      z.strictObject({
        rule: text('id of the rule, as an inline ignore names it'),
        place: z.strictObject(place).describe('where'),
        related: z
          .array(
            z.strictObject({
              place: z.strictObject(place).describe('where'),
              message: text('what it has to do with it'),
            }),
          )
          .describe('places that belong to it, such as the use of a constant'),
        side: z.enum(['client', 'server', 'either']).describe('who speaks through the place'),
        effect: z
          .enum(['breaks', 'allows', 'inherits', 'note'])
          .describe('what the floor does to it; the last two only with --inherits'),
        certainty: z.enum(['sure', 'likely']).describe('whether the text says it or it was inferred'),
        versions: texts('versions that the place names, oldest first'),
        stack: text('library or product that makes the TLS on the wire'),
        message: text('what was found'),
        why: text('why it matters'),
        fix: text('what to do, in words'),
        edits: z
          .array(
            z.strictObject({
              start: count('offset of the first character that goes'),
              end: count('offset behind the last one'),
              text: text('what takes their place'),
            }),
          )
          .optional()
          .describe('what --fix would do; absent where a person has to decide'),
        fingerprint: text('the same when lines above move: what a baseline holds'),
        secondary: z
          .enum(['test', 'vendored', 'generated'])
          .optional()
          .describe('code that is never changed; tests decide the exit code only with --tests'),
        snippet: text('the source line'),
      }),
    )
    .describe('what breaks first, tests last, then by place'),
  coverage: z
    .strictObject({
      files: count('files read'),
      sizeBytes: count('their bytes'),
      parsed: count('files that hold a word of some rule, and were looked at'),
      skips: z
        .array(
          z.strictObject({
            reason: text('why'),
            count: count('how many'),
            samples: texts('the first few'),
          }),
        )
        .describe('files and folders passed over'),
      ignored: count('findings set aside by inline comments'),
    })
    .describe('what was read'),
})

/** By command. */
export const documents = {
  report: { of: 'one document', schema: report },
  account: { of: 'one document', schema: accountDocument },
  'what-if': { of: 'one document', schema: whatIf },
  forecast: { of: 'one document', schema: forecast },
  audit: {
    of: 'one document per line; the columns of --csv, and the lines of `GET /v1/accounts/NAME/audit`',
    schema: audit,
  },
  scan: { of: 'one document', schema: scan },
} as const

import { z } from 'zod'

/**
 * The shape of the retirement file. Validation, the JSON Schema for editors and the reference page all come from here, so every field says
 * what it means. What a value means in TLS (versions, suites, instants) is read in retirement.ts, which can say where it went wrong.
 */

const instant = () => z.string().meta({ format: 'instant' })
const share = () => z.number().min(0).max(1)
const count = () => z.number().int().min(0)
const nameOrPatterns = () => z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])
const nameOrList = () => z.union([z.string(), z.array(z.union([z.string(), z.number()])).min(1)])

const floor = z
  .strictObject({
    version: z
      .union([z.string(), z.number()])
      .describe('Lowest version let in.')
      .meta({ examples: ['TLS 1.2'] }),
    suites: nameOrList()
      .describe(
        'Suites let in: a preset, or a list of presets, IANA names, OpenSSL names or numbers (0xc02f). Absent: all. A list that names no suite of TLS 1.3 leaves TLS 1.3 alone, and the reverse.',
      )
      .meta({ examples: ['intermediate'] })
      .optional(),
    groups: nameOrList()
      .describe('Groups let in for key exchange: a preset, or a list of presets and names. Absent: all.')
      .meta({ examples: ['pqc-hybrid'] })
      .optional(),
    signatureSchemes: nameOrList()
      .describe('Signature schemes of the handshake: a preset, or a list of presets and names. Absent: all.')
      .meta({ examples: ['no-sha1'] })
      .optional(),
    requireSni: z.boolean().describe('Refuse hellos that name no host. Absent: false.').optional(),
  })
  .describe('What a client must be able to do.')

const fieldName = () => z.union([z.string().min(1), z.number().int()])

const accountRule = z.strictObject({
  sni: z
    .string()
    .describe('Pattern of the host name; {account} marks the account, other words in braces fit anything.')
    .meta({ examples: ['{account}.{region}.batch.azure.com'] })
    .optional(),
  principal: z
    .string()
    .describe(
      'Pattern of whom the service took the client for, such as the user of an access log; {account} is all of it or a part, * any text.',
    )
    .meta({ examples: ['{account}@partners.example'] })
    .optional(),
  certificate: z
    .enum(['subject', 'san'])
    .describe(
      "Part of the client's certificate that the log holds; match says where the account stands in it, field how the log calls it where the usual names do not fit.",
    )
    .optional(),
  apiKey: fieldName()
    .describe(
      'Log field, header or place that holds the API key. The key is never stored: owners says whose it is, else its hash stands for the account.',
    )
    .meta({ examples: ['x-api-key'] })
    .optional(),
  header: z
    .string()
    .min(1)
    .describe('Name of the HTTP header that holds the account, where the log has it.')
    .meta({ examples: ['x-tenant-id'] })
    .optional(),
  field: fieldName()
    .describe(
      'Name of the log field that holds the account (a.b for one inside another), or its place in the line: 1 is the first word, -1 the last, a quoted text is one word.',
    )
    .meta({ examples: ['tenant'] })
    .optional(),
  address: z
    .string()
    .min(1)
    .describe(
      'Path of a CSV file with networks and their owners (10.0.0.0/8,contoso), relative to this file; the smallest network wins.',
    )
    .meta({ examples: ['networks.csv'] })
    .optional(),
  userAgent: z
    .string()
    .describe('Pattern of the user agent: * fits any text, {account} the account; or say account.')
    .meta({ examples: ['Contoso-*'] })
    .optional(),
  match: z
    .string()
    .describe(
      'Pattern that the text must fit: {account} marks the account, * fits any text. Absent: all of it.',
    )
    .meta({ examples: ['CN={account},*'] })
    .optional(),
  account: z
    .string()
    .describe('The account of every text that fits the pattern, where the pattern names none.')
    .meta({ examples: ['contoso'] })
    .optional(),
  owners: z
    .string()
    .min(1)
    .describe(
      'Path of a CSV file with what stands in the log and the account it means (4711,contoso); of API keys also their SHA-256.',
    )
    .meta({ examples: ['keys.csv'] })
    .optional(),
  confidence: z
    .enum(['certain', 'likely', 'guessed'])
    .describe(
      'How surely this rule answers. Absent: sni, principal, certificate and apiKey certain; header, field and address likely; userAgent guessed.',
    )
    .optional(),
  name: z
    .string()
    .regex(/^[\x20-\x7e]{1,60}$/)
    .describe('How answers name the rule. Absent: its kind.')
    .optional(),
})

const junkRule = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 _.-]{0,39}$/)
    .describe('How answers name the rule.')
    .meta({ examples: ['our uptime checks'] }),
  userAgent: nameOrPatterns()
    .describe('Pattern of the user agent, or several; * fits any text, case does not matter.')
    .meta({ examples: ['*Pingdom*'] })
    .optional(),
  account: nameOrPatterns()
    .describe(
      'Account, or pattern of accounts, whose traffic counts for nobody: made for networks of your own by accounts[].address.',
    )
    .meta({ examples: ['synthetic-*'] })
    .optional(),
  because: z.string().min(1).describe('Why this is nobody who depends on the service.').optional(),
})

const brownout = z.strictObject({
  from: instant()
    .describe('Start.')
    .meta({ examples: ['2023-02-07T14:00:00Z'] }),
  to: instant().describe('End; or say forMinutes.').optional(),
  forMinutes: z
    .number()
    .describe('Length in minutes, 1 to 1440; or say to.')
    .meta({ examples: [10] })
    .optional(),
  every: z.enum(['hour', 'day', 'week']).describe('Repeat until `until`.').optional(),
  until: instant().describe('No repetition starts at or after this instant.').optional(),
  refuse: z
    .enum(['hard', 'soft'])
    .describe('hard: TLS alert. soft: HTTP answer with an explanation (terminating edges). Absent: hard.')
    .optional(),
  open: z
    .enum(['leave', 'drain'])
    .describe('What happens to legacy connections that are open when it starts. Absent: leave.')
    .optional(),
})

const exemption = z.strictObject({
  account: z
    .string()
    .describe('The account that is let in by the floor of today.')
    .meta({ examples: ['contoso'] }),
  until: instant()
    .describe('The exemption ends at this instant.')
    .meta({ examples: ['2023-06-30T00:00:00Z'] }),
  reason: z
    .string()
    .min(1)
    .describe('Why.')
    .meta({ examples: ['AS2 appliance, replaced in May'] }),
  approvedBy: z
    .string()
    .min(1)
    .describe('Who answers for it.')
    .meta({ examples: ['j.doe'] }),
  compensating: z.string().describe('What makes up for it meanwhile.').optional(),
})

const limits = z.strictObject({
  helloBytes: count()
    .min(1024)
    .max(2 ** 20)
    .describe('Longest hello, in bytes. Absent: 65536.')
    .optional(),
  helloTimeoutMs: count().min(100).describe('Time to send a whole hello. Absent: 10000.').optional(),
  connectionsPerAddress: count().min(1).describe('Open connections of one address. Absent: 1000.').optional(),
  connections: count().min(1).describe('Open connections in all. Absent: 20000.').optional(),
  idleTimeoutMs: count().min(1000).describe('Silence on both sides. Absent: 300000.').optional(),
  connectTimeoutMs: count().min(100).describe('Time to reach the upstream. Absent: 5000.').optional(),
  drainTimeoutMs: count()
    .min(0)
    .describe('Time for open connections at shutdown or drain. Absent: 30000.')
    .optional(),
})

const gateway = z.strictObject({
  listen: z
    .string()
    .describe('Address and port. Absent: 127.0.0.1:8443.')
    .meta({ examples: ['0.0.0.0:443'] })
    .optional(),
  workers: count().min(1).max(256).describe('Worker processes. Absent: one per core.').optional(),
  upstreams: z
    .array(
      z.strictObject({
        sni: z
          .string()
          .describe('Host name or pattern as in service.names; * fits everything, also no name. Absent: *.')
          .optional(),
        to: z
          .string()
          .describe('Address and port of the server.')
          .meta({ examples: ['10.0.0.5:443'] }),
        proxyProtocol: z.enum(['none', 'v2']).describe('Absent: none.').optional(),
      }),
    )
    .min(1)
    .describe('Where connections go; the first that fits.'),
  limits: limits.describe('What one client, and all of them, may use.').optional(),
})

export const retirementSchema = z
  .strictObject({
    retirement: z
      .string()
      .describe('Name of the retirement: letters, digits, dots and dashes. Keep it: the ramp depends on it.')
      .meta({ examples: ['batch-tls-1.0-1.1'] }),
    extends: z
      .string()
      .describe('A preset to start from; keys of this file win.')
      .meta({ examples: ['azure-batch'] })
      .optional(),
    service: z
      .strictObject({
        names: z
          .array(z.string())
          .min(1)
          .describe('Host names retired together; *.example.com fits any number of labels.')
          .meta({ examples: [['*.batch.azure.com']] })
          .optional(),
        owner: z.string().min(1).describe('Who answers for the retirement.').optional(),
        certificates: z
          .array(z.string())
          .min(1)
          .describe('Keys of the server certificates; absent: not considered.')
          .meta({ examples: [['rsa-2048', 'ecdsa-p256']] })
          .optional(),
      })
      .describe('What is retired, and who answers for it.')
      .optional(),
    accounts: z
      .union([accountRule, z.array(accountRule).min(1)])
      .describe(
        'How the account behind a connection is found: one rule, or several in order; the first that answers wins.',
      )
      .optional(),
    junk: z
      .strictObject({
        rules: z
          .array(junkRule)
          .describe('Traffic that is nobody who depends on the service, beside what the built-in rules know.')
          .optional(),
        keep: z
          .array(z.string())
          .describe('Names of built-in rules that are not to act.')
          .meta({ examples: [['monitor']] })
          .optional(),
      })
      .describe('What is set apart from every number: scanners, probes and the like. --with-junk counts it.')
      .optional(),
    floor: z
      .strictObject({
        now: floor
          .describe('What is let in today.')
          .meta({ examples: [{ version: 'TLS 1.0' }] })
          .optional(),
        next: floor
          .describe('What is let in after the cutoff.')
          .meta({ examples: [{ version: 'TLS 1.2' }] })
          .optional(),
      })
      .describe('The least that clients must be able to do, today and after the cutoff.')
      .optional(),
    cutoff: instant()
      .describe(
        'The instant from which the next floor holds for all without an exemption. Absent: not set yet.',
      )
      .meta({ examples: ['2023-03-31T00:00:00Z'] })
      .optional(),
    brownouts: z
      .array(brownout)
      .describe('Announced windows in which the next floor holds, and which end by themselves.')
      .optional(),
    ramp: z
      .array(
        z.strictObject({
          at: instant()
            .describe('From then on.')
            .meta({ examples: ['2023-03-01T00:00:00Z'] }),
          share: share().describe('Share of accounts (0 to 1) that meet the next floor; who is in stays in.'),
        }),
      )
      .describe('The next floor for a growing share of accounts, before the cutoff.')
      .optional(),
    freeze: z
      .array(z.strictObject({ from: instant().describe('Start.'), to: instant().describe('End.') }))
      .describe('Periods without brownouts; ramp steps wait until the end.')
      .optional(),
    guardrails: z
      .strictObject({
        abortIfRefusedAccounts: count()
          .min(1)
          .describe('A brownout stops when it has refused this many accounts.')
          .optional(),
        abortIfRefusedShare: share()
          .describe('A brownout stops when it refuses this share of connections.')
          .optional(),
      })
      .describe('When a brownout is broken off.')
      .optional(),
    ready: z
      .strictObject({
        maxAccountsThatBreak: count().describe('Absent: 0.').optional(),
        cleanCycles: count()
          .describe('How many of its own rhythms an account must have been clean. Absent: 2.')
          .optional(),
      })
      .describe('The go or no-go for the cutoff, agreed in advance.')
      .optional(),
    exemptions: z.array(exemption).describe('Accounts let in past the cutoff, until a date.').optional(),
    unknown: z
      .strictObject({
        noSni: z
          .enum(['now', 'next'])
          .describe(
            'Hellos without SNI of no known account. now: the calendar of all; next: the next floor at once. Absent: now.',
          )
          .optional(),
        otherSni: z
          .enum(['now', 'next'])
          .describe("Hellos for names that are not the service's. Absent: now.")
          .optional(),
      })
      .describe('Clients that a policy per name cannot know.')
      .optional(),
    gateway: gateway.describe('Settings of the gateway (tlsunset serve).').optional(),
  })
  .describe('The retirement file')

export type RetirementFile = z.infer<typeof retirementSchema>
export type FloorEntry = z.infer<typeof floor>
export type BrownoutEntry = z.infer<typeof brownout>
export type AccountRuleEntry = z.infer<typeof accountRule>
export type JunkRuleEntry = z.infer<typeof junkRule>

export interface JsonSchema {
  type?: string
  format?: string
  description?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  anyOf?: JsonSchema[]
  enum?: (string | number)[]
  examples?: unknown[]
  minimum?: number
  maximum?: number
  [more: string]: unknown
}

/** The JSON Schema of the file, for editors (draft 2020-12). */
export function retirementJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(retirementSchema, { io: 'input' }) as JsonSchema
  return { title: 'tlsunset retirement file', ...schema }
}

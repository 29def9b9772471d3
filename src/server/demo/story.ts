/** Whom the demonstration shows: accounts, what they run, how often. Names are those of made-up companies. */
export interface DemoAccount {
  account: string
  region: string
  /** What runs live: a kind of client with the highest version that it offers. */
  clients: { kind: ClientKind; highest: DemoVersion; everySeconds: number }[]
}

export type ClientKind = 'node' | 'openssl' | 'curl' | 'python' | 'java' | 'mono'

export type DemoVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'

/** The service that is retired, under a domain that never exists (RFC 6761). */
export const demoDomain = 'batch.example'

/**
 * Where a program is not installed, Node makes the same offer in its place. Those who would break are few and different from each other, as
 * they are in real services: a payment terminal, a build agent, a nightly job, somebody's appliance.
 */
export const demoAccounts: readonly DemoAccount[] = [
  {
    account: 'contoso',
    region: 'westeurope',
    clients: [{ kind: 'java', highest: 'TLSv1', everySeconds: 9 }],
  },
  {
    account: 'fabrikam',
    region: 'eastus',
    clients: [
      { kind: 'mono', highest: 'TLSv1', everySeconds: 11 },
      { kind: 'node', highest: 'TLSv1.3', everySeconds: 3 },
    ],
  },
  {
    account: 'northwind',
    region: 'northeurope',
    clients: [{ kind: 'openssl', highest: 'TLSv1.1', everySeconds: 5 }],
  },
  {
    account: 'woodgrove',
    region: 'uksouth',
    clients: [
      { kind: 'python', highest: 'TLSv1', everySeconds: 8 },
      { kind: 'python', highest: 'TLSv1.3', everySeconds: 6 },
    ],
  },
  { account: 'tailspin', region: 'westus', clients: [{ kind: 'curl', highest: 'TLSv1', everySeconds: 7 }] },
  { account: 'litware', region: 'eastus', clients: [{ kind: 'node', highest: 'TLSv1.3', everySeconds: 1 }] },
  {
    account: 'adatum',
    region: 'westeurope',
    clients: [{ kind: 'node', highest: 'TLSv1.2', everySeconds: 2 }],
  },
  {
    account: 'proseware',
    region: 'eastasia',
    clients: [{ kind: 'curl', highest: 'TLSv1.3', everySeconds: 4 }],
  },
]

/** The one that is let in past the cutoff. */
export const exemptAccount = 'contoso'

/** The name under which an account reaches the service. */
export function demoHost(account: string): string {
  const region = demoAccounts.find(known => known.account === account)?.region ?? 'westeurope'
  return `${account}.${region}.${demoDomain}`
}

/** Seconds after the start. */
export const demoTimes = { brownoutFrom: 60, brownoutTo: 120, cutoff: 135 }

/** The retirement file of the demonstration, as an operator would write it. */
export function demoRetirement(startMs: number, servicePort: number, gatewayPort: number): string {
  const at = (seconds: number) => new Date(startMs + seconds * 1000).toISOString()
  return `# The retirement that \`tlsunset serve --demo\` plays through in a few minutes.
retirement: demo-tls-1.0-1.1
service:
  names: ["*.${demoDomain}"]
  owner: platform-security
accounts:
  sni: "{account}.{region}.${demoDomain}"
floor:
  now: { version: TLS 1.0 }
  next: { version: TLS 1.2 }
brownouts:
  - { from: ${at(demoTimes.brownoutFrom)}, to: ${at(demoTimes.brownoutTo)} }
cutoff: ${at(demoTimes.cutoff)}
exemptions:
  - account: ${exemptAccount}
    until: ${at(14 * 86_400)}
    reason: AS2 appliance, to be replaced
    approvedBy: j.doe
    compensating: address allow-list
unknown: { noSni: now, otherSni: now }
gateway:
  listen: 127.0.0.1:${gatewayPort}
  workers: 2
  upstreams:
    - { to: "127.0.0.1:${servicePort}" }
  limits: { connections: 500 }
`
}

import { dayMs, startOfDay } from '../base/time.ts'

/** A retirement file to start from: every key that most need, those that fewer need as comments. */
export function exampleRetirement(nowMs: number): string {
  const in90Days = new Date(startOfDay(nowMs) + 90 * dayMs).toISOString().replace('.000', '')
  const in60Days = new Date(startOfDay(nowMs) + 60 * dayMs).toISOString().replace('.000', '')
  return `# What is retired, where, when and with which exceptions. Check it with: tlsunset policy check
retirement: my-service-tls-1.0-1.1
service:
  names: ["*.example.com"]
  owner: who-answers-for-it
accounts:
  sni: "{account}.example.com"           # how the customer is read from the server name
floor:
  now: { version: TLS 1.0 }
  next: { version: TLS 1.2 }             # add: suites: intermediate
cutoff: ${in90Days}
brownouts:
  - { from: ${in60Days}, forMinutes: 10, every: week, until: ${in90Days} }
# exemptions:
#   - { account: contoso, until: ${in90Days}, reason: "…", approvedBy: "…" }
guardrails: { abortIfRefusedAccounts: 20, abortIfRefusedShare: 0.02 }
ready: { maxAccountsThatBreak: 0, cleanCycles: 2 }
unknown: { noSni: now, otherSni: now }   # hellos without a server name, or with another one
gateway:
  listen: 127.0.0.1:8443
  upstreams:
    - { to: "127.0.0.1:443" }            # the service itself
`
}

/**
 * Test files that take longest, in the order in which they start: what waits for others (servers, browsers, virtual machines) beside what keeps
 * a processor busy. All others follow.
 */
export const startsFirst: readonly string[] = [
  'lab/matrix',
  'server/serve',
  'observe/fold',
  'observe/sources',
  'console/console',
  'store/odd-logs',
  'e2e/real-clients',
  'cli/report',
  'host/wine',
  'store/killed',
  'cli/server-answers',
  'server/folded',
  'scan/compiles',
  'cli/explain',
  'observe/large-capture',
  'store/cluster',
  'host/mono',
  'cli/accounts-guide',
  'scan/cases',
  'host/remedy',
  'lab/made-up',
  'host/linux',
  'cli/audit',
  'store/server',
  'cli/follow',
  'cli/report-input',
]

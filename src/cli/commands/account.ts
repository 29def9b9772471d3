import { type ExitCode, exitCodes } from '../../base/fault.ts'
import type { Command, FlagValues, Io } from '../command.ts'
import { filesArg, floorHelp, sourceFlags } from '../report/common-flags.ts'

export const command: Command = {
  name: 'account',
  summary: 'One account: its clients, what each offers, why it would break, and what to change',
  description:
    'Exit code 0: nothing of this account would break; 1: something would; 6: not seen, or nothing certain can be said.',
  args: [{ name: 'name', help: 'the account, as report lists it', required: true }, filesArg],
  flags: [{ name: 'floor', value: 'floor', help: floorHelp }, ...sourceFlags],
  examples: [
    { run: 'tlsunset account contoso', does: 'asks the store' },
    { run: 'tlsunset account contoso access.log', does: 'asks one log' },
  ],
  run,
}

async function run({ args, flags, io }: { args: string[]; flags: FlagValues; io: Io }): Promise<ExitCode> {
  const [name = '', ...files] = args
  const { prepareReport } = await import('../report/prepare.ts')
  const { accountDetail } = await import('../../identify/clients.ts')
  const { remedies } = await import('../../identify/remedies/remedies.ts')
  const { findAccount } = await import('../report/account.ts')
  const { gathered, facts, report, habits, mended } = await prepareReport(files, flags, io, { hours: true })
  const verdict = findAccount(report.accounts, name)
  const after = mended.get(verdict.account) ?? 0
  const own = (await gathered.rowsOf?.(verdict.account))?.filter(row => row.dayMs > after)
  const clients = accountDetail(verdict.account, facts, own)
  const rhythms = habits.get(verdict.account)?.stacks ?? []
  const { explainAccount, explainText } = await import('../report/explain.ts')
  const explain = flags.explain ? explainAccount({ facts, mended, gathered }, verdict, clients) : null
  if (flags.json) {
    const { accountAnswer } = await import('../report/account.ts')
    io.stdout.write(
      `${JSON.stringify({ ...accountAnswer(verdict, clients, rhythms, gathered, remedies()), ...(explain && { explain }) }, null, 2)}\n`,
    )
  } else {
    const { accountText } = await import('../report/account.ts')
    const { paintFor, widthOf } = await import('../paint.ts')
    io.stdout.write(
      accountText(verdict, clients, rhythms, remedies(), { paint: paintFor(io), width: widthOf(io) }),
    )
  }
  if (explain && !flags.json) io.stdout.write(`\n${explainText(explain)}`)
  if (gathered.faults[0]) return exitCodes[gathered.faults[0].kind]
  if (verdict.verdict === 'breaks') return exitCodes.findings
  return verdict.verdict === 'clear' ? exitCodes.ok : exitCodes.undecided
}

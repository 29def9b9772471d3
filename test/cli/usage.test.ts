import { expect, test } from 'vitest'
import { runMain } from './run-main.ts'

test.each([
  [['polcy'], "unknown command 'polcy'", 'did you mean policy?'],
  [['policy', 'check'], "missing required argument 'file'", 'tlsunset policy check --help'],
  [['report', '--nonsense'], "unknown option '--nonsense'", 'tlsunset report --help'],
])('tlsunset %j says what is wrong and what to type', async (argv, error, hint) => {
  const { exit, stdout, stderr } = await runMain(argv)
  expect(stderr).toBe(`tlsunset: error: ${error}\ntlsunset: hint: ${hint}\n`)
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
})

import { readFileSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { whyUnreadable } from '../../base/unreadable.ts'
import type { Policy } from '../../model/policy.ts'
import { type Note, readRetirement } from '../../model/retirement.ts'
import { textBeside } from './text-beside.ts'

export interface PolicyFile {
  /** The last valid content. */
  policy: Policy
  warnings: Note[]
  loadedAtMs: number
  /** Why the file as it is now is not in force: one line with its place. Null when it is in force. */
  problem: string | null
  stop(): void
}

/** Editors and deployments write in several steps: the file is read when it has been quiet for so long. */
const quietMs = 100

/**
 * Keeps to the last valid content of a retirement file. The directory is watched, not the file: replacing a file (rename over it, as editors,
 * configuration management and Kubernetes do) would leave a watch on the file behind with the old one.
 * @throws Fault `input` when the file is not valid now, `usage` when it cannot be read.
 */
export function watchPolicyFile(
  path: string,
  {
    onPolicy,
    onProblem,
    now = Date.now,
  }: {
    onPolicy: (policy: Policy, warnings: Note[]) => void
    onProblem: (problem: string) => void
    now?: () => number
  },
): PolicyFile {
  const beside = textBeside(path)
  /** Tables that the file names, which change what it means. */
  const tables = new Set<string>()
  let isTableChanged = false
  const readTable: typeof beside = file => {
    tables.add(file)
    return beside(file)
  }
  let text = readText(path)
  const first = readRetirement(text, { nowMs: now(), readTable })
  if (!first.ok)
    throw new Fault('usage', 'retirement-file', placed(path, first.problems), {
      hint: first.problems[0]?.hint ?? `tlsunset policy check ${path}`,
    })
  const state: PolicyFile = {
    policy: first.policy,
    warnings: first.warnings,
    loadedAtMs: now(),
    problem: null,
    stop() {
      clearTimeout(timer)
      watcher.close()
    },
  }

  function read(): void {
    timer = undefined
    let found: string
    try {
      found = readText(path)
    } catch (cause) {
      // Between the two halves of a rename, or gone for good: what was valid stays in force either way.
      complain((cause as Error).message)
      return
    }
    if (found === text && !isTableChanged && state.problem === null) return
    text = found
    isTableChanged = false
    const result = readRetirement(text, { nowMs: now(), readTable })
    if (!result.ok) {
      complain(placed(path, result.problems))
      return
    }
    Object.assign(state, {
      policy: result.policy,
      warnings: result.warnings,
      loadedAtMs: now(),
      problem: null,
    })
    onPolicy(result.policy, result.warnings)
  }

  function complain(why: string): void {
    const problem = `${why}; the policy of before stays in force`
    if (problem === state.problem) return
    state.problem = problem
    onProblem(problem)
  }

  let timer: NodeJS.Timeout | undefined
  const name = basename(path)
  const watcher = watch(dirname(path), { persistent: false }, (_, changed) => {
    // Kubernetes swaps a symbolic link beside the file; some systems give no name.
    const isTable = changed !== null && tables.has(changed)
    if (changed !== null && changed !== name && !isTable && !changed.startsWith('..')) return
    isTableChanged ||= isTable || changed === null
    clearTimeout(timer)
    timer = setTimeout(read, quietMs)
  })
  watcher.on('error', cause => complain(`cannot watch ${dirname(path)}: ${cause.message}`))
  return state
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Fault('usage', 'retirement-file', `cannot read ${path}: ${whyUnreadable(cause)}`, {
      hint: 'name the retirement file with -c FILE',
      cause,
    })
  }
}

/** `retirement.yaml:12:3: floor.next.version …`, with the number of further problems. */
function placed(path: string, problems: readonly Note[]): string {
  const [first, ...others] = problems
  if (first === undefined) return `${path} is not a retirement file`
  const what = first.path === '' ? first.message : `${first.path}: ${first.message}`
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  return `${path}:${first.line}:${first.column}: ${what}${more}`
}

import { ansible } from './ansible.ts'
import { configmgr } from './configmgr.ts'
import { dsc } from './dsc.ts'
import type { Format } from './format.ts'
import { gpo } from './gpo.ts'
import { intune } from './intune.ts'
import { powershell } from './powershell.ts'
import { reg } from './reg.ts'

/** Every way to carry a remedy out, the simplest first. */
export const formats: readonly Format[] = [reg, powershell, intune, configmgr, gpo, ansible, dsc]

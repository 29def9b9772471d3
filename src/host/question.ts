import type { Answer } from './answer.ts'
import { answerNet, type NetQuestion } from './net.ts'
import { answerNetfx, type NetfxQuestion } from './netfx.ts'
import { meetSchannel } from './schannel.ts'
import type { Role } from './versions.ts'
import type { WindowsHost } from './windows-host.ts'
import { answerWinHttp, type WinHttpQuestion } from './winhttp.ts'
import { answerWinInet, type WinInetQuestion } from './wininet.ts'

/** A program that calls Schannel itself. */
interface SchannelQuestion {
  stack: 'schannel'
  role: Role
  cred: 'SCHANNEL_CRED' | 'SCH_CREDENTIALS'
  enabled: number
  disabled: number
}

/** One consumer of TLS on a Windows machine: which stack makes the request, and what the program itself says. */
export type Question = WinHttpQuestion | WinInetQuestion | SchannelQuestion | NetfxQuestion | NetQuestion

/** Versions offered by one consumer, the deciding rule, certainty and warnings. Pure. */
export function answerQuestion(host: WindowsHost, question: Question): Answer {
  switch (question.stack) {
    case 'winhttp':
      return answerWinHttp(host, question)
    case 'wininet':
      return answerWinInet(host, question)
    case 'schannel':
      return answerSchannel(host, question)
    case 'netfx':
      return answerNetfx(host, question)
    case 'net':
      return answerNet(host, question)
  }
}

function answerSchannel(host: WindowsHost, question: SchannelQuestion): Answer {
  const answer = meetSchannel(host, { ...question, strong: false })
  const { cred, enabled } = question
  // TLS 1.3 through the older structure is written down for the newer one only (U6).
  if (cred === 'SCHANNEL_CRED' && answer.offered.includes(0x0304)) return { ...answer, certain: false }
  if (cred === 'SCH_CREDENTIALS' && enabled !== 0)
    return {
      ...answer,
      warnings: [
        ...answer.warnings,
        {
          code: 'W-ENABLED-IGNORED',
          text: 'SCH_CREDENTIALS has no mask of enabled protocols; it can only rule versions out',
        },
      ],
    }
  return answer
}

import { useRef, useState } from 'preact/hooks'
import { utcDay } from '../../base/time.ts'
import { issueToken } from '../api.ts'

/** Makes a link that opens this one page to whoever holds it, shown this once. */
export function Share({ account }: { account: string }) {
  const [link, show] = useState<{ url: string; id: string; untilMs: number }>()
  const [problem, tell] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const issue = async () => {
    const answer = await issueToken(account)
    if ('trouble' in answer) return tell(answer.trouble.title)
    const { token, id, untilMs } = answer.value
    show({ url: `${location.origin}/#token=${token}`, id, untilMs })
    tell('')
  }
  const copy = () => {
    field.current?.select()
    void navigator.clipboard?.writeText(link!.url)
  }
  return (
    <div class="share">
      {link === undefined ? (
        <button type="button" onClick={issue}>
          Share this page with {account}
        </button>
      ) : (
        <>
          <label for="share-link">Link for {account}, shown this once</label>
          <div class="row">
            <input id="share-link" ref={field} readOnly value={link.url} onFocus={copy} />
            <button type="button" onClick={copy}>
              Copy
            </button>
          </div>
          <p class="quiet">
            Opens this page and its log to whoever holds it, until {utcDay(link.untilMs)}. End it with{' '}
            <code>tlsunset token revoke {link.id}</code>.
          </p>
        </>
      )}
      {problem !== '' && <p role="alert">{problem}</p>}
    </div>
  )
}

import { useState } from 'preact/hooks'
import { signIn, trouble } from '../live.ts'

/** Shown when there is no session: after a restart of the server, or to somebody who has the address but not the token. */
export function SignIn() {
  const [token, type] = useState('')
  const why = trouble.value
  return (
    <div class="sign-in">
      <h1>This console needs its token</h1>
      <p>
        <code>tlsunset serve</code> prints an address that holds it. Open that address, or paste the address
        or the token here.
      </p>
      <form
        onSubmit={async event => {
          event.preventDefault()
          const refused = await signIn(token.trim().replace(/^.*#token=/, ''))
          if (refused) type('')
        }}
      >
        <label for="token">Token</label>
        <div class="row">
          <input
            id="token"
            type="password"
            autocomplete="off"
            value={token}
            onInput={event => type(event.currentTarget.value)}
            required
          />
          <button type="submit" class="primary">
            Sign in
          </button>
        </div>
        {why && why.title !== 'not logged in' && (
          <p role="alert" class="form-trouble">
            {why.title}
          </p>
        )}
        {why && why.title === 'not logged in' && (
          <p class="form-note">A new start of the server makes a new token.</p>
        )}
      </form>
    </div>
  )
}

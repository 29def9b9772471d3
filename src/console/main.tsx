import { render } from 'preact'
import { App } from './app.tsx'
import { signIn, start } from './live.ts'
import { takeToken } from './route.ts'
import './style/tokens.css'
import './style/page.css'
import './style/parts.css'
import './style/print.css'

const token = takeToken()
const place = document.getElementById('console')!
place.replaceChildren()
render(<App />, place)
if (token === null) await start()
else await signIn(token)

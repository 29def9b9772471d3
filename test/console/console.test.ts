import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { AccountToken } from '../../src/model/api.ts'
import type { AccountTokens } from '../../src/server/account-tokens.ts'
import { createApp } from '../../src/server/app.ts'
import { assets } from '../../src/server/assets.ts'
import { hostsOf } from '../../src/server/guard.ts'
import { type Listening, listenAt } from '../../src/server/listen.ts'
import { newToken } from '../../src/server/session.ts'
import { type MadeUp, madeUp } from '../server/made-up.ts'

const built = fileURLToPath(new URL('../../dist/console', import.meta.url))
/** The shell without a desktop browser around it takes less than half of the processor time for the same pages. */
const executablePath = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find(existsSync)
const missing =
  executablePath === undefined ? 'no Chromium' : existsSync(built) ? '' : 'the console is not built'
const title = missing === '' ? 'the console in a browser' : `the console in a browser (skipped: ${missing})`

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

describe.skipIf(missing !== '')(title, () => {
  let browser: Browser
  const opened: { close(): Promise<unknown> }[] = []
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: quiet })
  })
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close()
  })
  afterAll(() => browser.close())

  /** Opens the console on made-up facts; `trouble` gathers what a reader should never see. */
  async function open(
    more: {
      prepare?: (world: MadeUp) => void
      dark?: boolean
      width?: number
      withoutToken?: boolean
      /** Another token than the operator's. */
      as?: string
      at?: string
    } = {},
  ) {
    const world = madeUp(Date.now)
    more.prepare?.(world)
    const token = newToken()
    const app = createApp(world.facts, {
      now: Date.now,
      access: { token, isKnownHost: hostsOf('127.0.0.1') },
      decisions: world.decisions,
      tokens: tokensOf('fabrikam', customerToken),
      assets: assets(built),
      onBug: error => trouble.push(String(error)),
    })
    const server: Listening = await listenAt(app, { host: '127.0.0.1', port: 0 })
    const context = await browser.newContext({
      viewport: { width: more.width ?? 1280, height: 900 },
      colorScheme: more.dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
    })
    opened.push(server, context)
    const page = await context.newPage()
    const trouble: string[] = []
    const requests: string[] = []
    page.on('pageerror', error => trouble.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text())
    })
    page.on('request', request => requests.push(request.url()))
    const base = `http://127.0.0.1:${server.port}/`
    await page.goto(more.withoutToken ? base : `${base}#token=${more.as ?? token}`)
    if (!more.withoutToken) await page.getByText('live', { exact: true }).waitFor()
    if (more.at) await page.evaluate(hash => location.assign(hash), more.at)
    const restart = async () => {
      await server.close()
      await page.getByText('reconnecting', { exact: true }).waitFor()
      opened.push(await listenAt(app, { host: '127.0.0.1', port: server.port }))
    }
    return { world, page, trouble, requests, base, token, restart }
  }

  test('says the sentence, keeps the token to itself and asks nobody else', async () => {
    const { page, trouble, requests, base } = await open()
    const sentence = page.getByRole('heading', { level: 1 })
    await expect
      .poll(async () => (await sentence.textContent())?.replaceAll('\u00a0', ' '))
      .toMatch(
        /^\d+ days to go\. 3 customers, 1\.7 % of live traffic, would break today; 1 exempt, 1 unsure\.$/,
      )
    expect(page.url()).toBe(`${base}#/`)
    expect(await page.evaluate(() => document.cookie)).toBe('')
    expect(requests.filter(url => !url.startsWith(base))).toEqual([])
    expect(trouble).toEqual([])
  })

  test('the content security policy holds against inline script and foreign requests', async () => {
    const { page } = await open()
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script')
      try {
        script.textContent = 'window.ran = true'
        document.body.append(script)
      } catch {
        // Trusted types already refuse the text.
      }
      const fetched = await fetch('http://127.0.0.2:9/').then(
        () => 'fetched',
        () => 'refused',
      )
      return { ran: 'ran' in window, fetched }
    })
    expect(ran).toEqual({ ran: false, fetched: 'refused' })
  })

  test('a refusal appears by name as it happens, in the list and in the table', async () => {
    const { page, world, trouble } = await open()
    await page.getByText('Nobody has been refused').waitFor()
    world.refuse('northwind')
    const list = page.getByRole('region', { name: 'Refused, by name' })
    await list.getByRole('link', { name: 'northwind' }).waitFor()
    expect(await list.textContent()).toContain('northwind.westeurope.batch.example.net')
    expect(await list.textContent()).toContain('t10d110300_d83cc789557e_16bbda4055b2')
    await page
      .getByRole('row', { name: /northwind/ })
      .getByText('1 refused')
      .waitFor()
    expect(trouble).toEqual([])
  })

  test('a server that went away and came back: what was missed is there', async () => {
    const { page, world, restart } = await open()
    await page.getByText('Nobody has been refused').waitFor()
    const restarted = restart()
    await page.getByText('The live connection is lost').waitFor()
    world.refuse('fabrikam')
    await restarted
    await page.getByText('live', { exact: true }).waitFor()
    await page
      .getByRole('region', { name: 'Refused, by name' })
      .getByRole('link', { name: 'fabrikam' })
      .waitFor()
    await expect.poll(() => page.getByRole('alert').textContent()).toBe('')
  })

  test('names from the wire stay text', async () => {
    const { page, world, trouble } = await open()
    world.refuse('<img src=x onerror=alert(1)>')
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor()
    expect(await page.locator('img').count()).toBe(0)
    expect(trouble).toEqual([])
  })

  test('the table: filter, verdicts, sort and arrow keys', async () => {
    const { page } = await open()
    const names = () => page.locator('.who-table tbody th a').allTextContents()
    await expect.poll(names).toEqual(['contoso', 'northwind', 'fabrikam', 'adventure-works', 'wingtip'])
    await page.keyboard.press('/')
    await page.keyboard.type('openssl 0.9')
    await expect.poll(names).toEqual(['northwind'])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Clear/ }).click()
    await expect.poll(names).toContain('litware')
    await page.getByRole('button', { name: 'Customer' }).click()
    await expect
      .poll(names)
      .toEqual(['adventure-works', 'contoso', 'fabrikam', 'litware', 'northwind', 'wingtip'])
    expect(
      await page.getByRole('columnheader', { name: 'Customer', exact: true }).getAttribute('aria-sort'),
    ).toBe('descending')
    await page.keyboard.press('/')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('contoso')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'contoso' }).waitFor()
  })

  test("an account's page says what, when and what to change, and shows nobody else", async () => {
    const { page, trouble } = await open({ at: '#/accounts/contoso' })
    await page.getByRole('heading', { level: 1, name: 'contoso' }).waitFor()
    await page.getByRole('heading', { name: 'Let Java offer TLS 1.2' }).waitFor()
    const text = (await page.locator('main').textContent())!
    for (const part of [
      'Java 6 or 7',
      'TLS 1.0',
      'Pool_List',
      'Let in by an exemption',
      'exempt',
      '2db6873021f2a95daa7de0d93a1d1bf2',
    ])
      expect(text).toContain(part)
    for (const other of ['fabrikam', 'northwind', 'litware']) expect(text).not.toContain(other)
    expect(
      await page.getByRole('img', { name: /Old offers come most often on \w+ at 2:00 UTC/ }).count(),
    ).toBe(1)
    expect(trouble).toEqual([])
  })

  test('the link of a customer opens their page and nothing else', async () => {
    const { page, trouble, requests, base } = await open({ as: customerToken })
    await page.getByRole('heading', { level: 1, name: 'fabrikam' }).waitFor()
    expect(page.url()).not.toContain(customerToken)
    expect(await page.getByText('All customers').count()).toBe(0)
    expect(await page.getByText('Share this page').count()).toBe(0)
    await page.evaluate(() => location.assign('#/accounts/contoso'))
    await page.getByRole('heading', { level: 1, name: 'fabrikam' }).waitFor()
    const paths = new Set(requests.map(url => new URL(url).pathname).filter(path => path.startsWith('/v1/')))
    expect([...paths].sort()).toEqual(['/v1/accounts/fabrikam', '/v1/policy', '/v1/session'])
    expect(requests.filter(url => !url.startsWith(base))).toEqual([])
    expect(trouble).toEqual([])
  })

  test('an account that nobody knows', async () => {
    const { page } = await open({ at: '#/accounts/nobody' })
    await page.getByText('No customer is called “nobody”').waitFor()
  })

  test('a silent source is an alarm above the numbers, and its days are a gap', async () => {
    const { page } = await open({
      prepare: world => {
        world.sources[1]!.status = 'silent'
        world.sources[1]!.lastSeenMs = Date.now() - 26 * 3_600_000
        world.days.splice(20, 4)
      },
    })
    await page.getByRole('alert').getByText('No data from nginx access log for 1 day 2 h.').waitFor()
    expect(await page.locator('.chart .no-data rect').count()).toBe(1)
  })

  test('what is set apart is told, with its reason, and counted on request', async () => {
    const { page, trouble } = await open({
      prepare: world => {
        const { report } = world.facts
        const scanners = { rule: 'scanner', because: 'it scans', connections: 1204, accounts: 2 }
        world.facts.report = async question => ({
          ...(await report(question)),
          junk: question.withJunk ? [] : [scanners],
        })
      },
    })
    await page
      .getByText('1,204 connections set apart as junk and in no number here: scanner 1,204.')
      .waitFor()
    await page.getByText('Why').click()
    await page.getByText('scanner: it scans; 2 customers among them').waitFor()
    await page.getByRole('button', { name: 'Count it' }).click()
    await page.getByText('Everything is counted').waitFor()
    expect(await page.getByRole('region', { name: 'How customers are known' }).textContent()).toContain(
      'certain',
    )
    expect(trouble).toEqual([])
  })

  test('nothing seen is no data, never zero', async () => {
    const { page, trouble } = await open({
      prepare: world => {
        world.accounts.length = 0
        world.sources.length = 0
        world.facts.burnDown = async () => []
      },
    })
    await expect
      .poll(() => page.getByRole('heading', { level: 1 }).textContent())
      .toMatch(/No data: nothing has been seen yet, so nobody can be called ready\.$/)
    await page.getByText('No source has delivered').waitFor()
    expect(trouble).toEqual([])
  })

  test('without a token: asks for it, and takes it', async () => {
    const { page, token } = await open({ withoutToken: true })
    await page.getByRole('heading', { name: 'This console needs its token' }).waitFor()
    await page.getByLabel('Token').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('this token is not valid').waitFor()
    await page.getByLabel('Token').fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('live', { exact: true }).waitFor()
  })

  test('the line can be walked with arrow keys, and is a table too', async () => {
    const { page } = await open()
    await page.locator('.burn-down svg.chart').focus()
    await page.keyboard.press('ArrowLeft')
    await expect
      .poll(() => page.locator('figcaption').textContent())
      .toMatch(/3 customers · 60 connections would break, 1\.5 % of the day/)
    await page.getByText('As a table').click()
    expect(await page.locator('.as-table tbody tr').count()).toBe(30)
  })

  for (const dark of [false, true])
    for (const at of ['#/', '#/accounts/fabrikam'])
      test(`${dark ? 'dark' : 'light'} ${at}: contrast, names, one heading, no sideways scrolling`, async () => {
        const { page, world } = await open({ dark, at })
        world.refuse('northwind')
        await page.getByText(at === '#/' ? 'Who is left' : 'What will happen').waitFor()
        await page.getByRole('heading', { level: 1 }).waitFor()
        expect(await lowContrast(page)).toEqual([])
        expect(await nameless(page)).toEqual([])
        expect(await page.locator('h1').count()).toBe(1)
        await page.setViewportSize({ width: 375, height: 800 })
        const { wide, room } = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth,
          room: document.documentElement.clientWidth,
        }))
        expect(wide).toBeLessThanOrEqual(room)
      })
})

test.skipIf(!existsSync(built))('the console is small: under 60 kB gzipped in all', () => {
  const sizes = readdirSync(built, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => gzipSync(readFileSync(join(entry.parentPath, entry.name))).length)
  expect(sizes.length).toBeGreaterThan(2)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000)
})

/** Texts whose contrast with what lies behind them is under that of WCAG 2.2 level AA. */
function lowContrast(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!
    const known = new Map<string, [number, number, number, number]>()
    const rgba = (colour: string) => {
      const before = known.get(colour)
      if (before) return before
      canvas.clearRect(0, 0, 1, 1)
      canvas.fillStyle = colour
      canvas.fillRect(0, 0, 1, 1)
      const value = [...canvas.getImageData(0, 0, 1, 1).data] as [number, number, number, number]
      known.set(colour, value)
      return value
    }
    const luminance = ([red, green, blue]: number[]) => {
      const [r, g, b] = [red!, green!, blue!].map(value => {
        const part = value / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
    }
    const behind = (element: Element | null): number[] => {
      for (let at = element; at; at = at.parentElement) {
        const colour = rgba(getComputedStyle(at).backgroundColor)
        if (colour[3] === 255) return colour
      }
      return rgba(getComputedStyle(document.body).backgroundColor)
    }
    const low: string[] = []
    for (const element of document.querySelectorAll('body *')) {
      const text = [...element.childNodes].filter(
        node => node.nodeType === 3 && node.textContent!.trim() !== '',
      )
      if (text.length === 0 || element.getClientRects().length === 0 || element.closest('.hidden')) continue
      const style = getComputedStyle(element)
      const isSvg = element instanceof SVGElement
      const [a, b] = [luminance(rgba(isSvg ? style.fill : style.color)), luminance(behind(element))]
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      const size = Number.parseFloat(style.fontSize)
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
      if (ratio < (isLarge ? 3 : 4.5)) low.push(`${text[0]!.textContent!.trim()}: ${ratio.toFixed(2)}`)
    }
    return low
  })
}

/** Controls and pictures that a screen reader could not name. */
function nameless(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('a, button, input, svg, section')]
      .filter(element => {
        if (element.closest('[aria-hidden="true"]')) return false
        const label =
          element.getAttribute('aria-label') ||
          document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent ||
          (element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element.textContent)
        return !label?.trim()
      })
      .map(element => element.outerHTML.slice(0, 80)),
  )
}

const customerToken = `tlsunset-account-${'0'.repeat(12)}-${'x'.repeat(43)}`

/** One token that is valid, of an account. */
function tokensOf(account: string, text: string): AccountTokens {
  const token: AccountToken = { id: '0'.repeat(12), account, issuedMs: 0, untilMs: 4e12, revokedMs: null }
  return {
    issue: async () => ({ ...token, token: text, seen: true }),
    revoke: async () => token,
    list: async () => [token],
    find: async asked => (asked === text ? token : null),
    valid: async id => (id === token.id ? token : null),
  }
}

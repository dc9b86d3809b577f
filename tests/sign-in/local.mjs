// Accounts of the store's own, through the command and the pages: the whole way in, and what does not let anybody in.
import { Browser, equal, expect, field, init, run, serve, test, totp, waymark, profile, everybody, folder } from './lib.mjs'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const password = 'bramble harbour kettle'
const db = 'local.db'

async function begin(server) {
  const browser = new Browser(server)
  const page = await browser.send('/sign-in')
  return { browser, token: field(page, 'token') }
}
async function givePassword(server, name, typed, into) {
  const { browser, token } = into ?? (await begin(server))
  const answer = await browser.send('/sign-in', { form: { token, next: '/', name, password: typed } })
  return { browser, token, answer }
}
const giveCode = (browser, token, code) => browser.send('/sign-in/code', { form: { token, next: '/', code } })
// What a page says, without what differs from one visit to the next.
const said = (answer) => answer.body.replaceAll(/name="token" value="[^"]*"/g, '')

export async function local() {
  init(db)
  writeFileSync(join(folder, 'local.toml'), 'public_url = "https://waymark.test"\n')
  const made = JSON.parse(run(['accounts', 'add', 'w.social', '--password-fd', '0', '--db', db, '--json'], `${password}\n`).out)
  const server = await serve(db, '--sign-in', 'local.toml')
  // Each code of the app is good once, and three are good in any half minute: most sign-ins here take a recovery code.
  let recovery = [...made.recovery]
  const enter = async () => {
    const { browser, token } = await givePassword(server, 'w.social', password)
    const answer = await giveCode(browser, token, recovery.shift())
    return { browser, token, answer }
  }
  try {
    await test('an account made at the command lets its person in with password and code, behind __Host- cookies', async () => {
      const { browser, token, answer: first } = await givePassword(server, 'w.social', password)
      equal([first.status, first.headers.location], [303, '/sign-in/code'], 'after the password')
      expect(!(await browser.signedIn()), 'signed in by the password alone')
      const answer = await giveCode(browser, token, totp(made.secret, -1))
      equal([answer.status, answer.headers.location], [303, '/'], 'after the code')
      expect(await browser.signedIn(), 'not signed in')
      for (const line of answer.headers['set-cookie']) {
        expect(/^__Host-/.test(line) && /; Path=\//.test(line) && /; Secure/.test(line) && /; HttpOnly/.test(line) && /SameSite=Lax/.test(line), line)
        expect(!/Domain/i.test(line), line)
      }
    })
    await test('the same code a second time lets nobody in', async () => {
      const { browser, token } = await givePassword(server, 'w.social', password)
      equal((await giveCode(browser, token, totp(made.secret, -1))).status, 403, 'status')
      expect(!browser.session, 'a session')
    })
    await test('a name that nobody has, one without an account and a wrong password get the same page', async () => {
      const pages = []
      for (const [name, typed] of [['w.social', 'bramble harbour kettlf'], ['nobody', password], ['s.lead', password], ['', ''], ['x'.repeat(3000), 'y'.repeat(3000)]]) {
        const { answer } = await givePassword(server, name, typed)
        equal(answer.status, 403, name)
        pages.push(said(answer))
      }
      for (const page of pages) equal(page, pages[0], 'the page')
    })
    await test('a form without the visitor\'s token, or with another visitor\'s, is refused', async () => {
      for (const token of ['', 'x'.repeat(64), (await begin(server)).token]) {
        const { browser } = await begin(server)
        const answer = await browser.send('/sign-in', { form: { token, name: 'w.social', password } })
        expect(answer.status === 403 && !browser.cookie('__Host-waymark-step'), `status ${answer.status}`)
      }
    })
    await test('a form that another site sends is refused', async () => {
      const { browser, token } = await begin(server)
      const answer = await browser.send('/sign-in', { form: { token, name: 'w.social', password }, headers: { 'sec-fetch-site': 'cross-site' } })
      equal(answer.status, 403, 'status')
    })
    await test('a session cookie that was set before signing in is not taken over', async () => {
      const { browser, token } = await givePassword(server, 'w.social', password)
      const planted = 'A'.repeat(43)
      browser.jar('https://waymark.test')['__Host-waymark'] = planted
      await giveCode(browser, token, totp(made.secret, 1))
      expect(browser.session && browser.session !== planted, 'the planted cookie stands')
    })
    await test('the step between password and code is of one browser and one sign-in', async () => {
      const { browser } = await givePassword(server, 'w.social', password)
      const other = await begin(server)
      const answer = await giveCode(other.browser, other.token, totp(made.secret, 1))
      expect(answer.status === 403 && !other.browser.session, `without the step: ${answer.status}`)
      other.browser.jar('https://waymark.test')['__Host-waymark-step'] = 'B'.repeat(43)
      equal((await giveCode(other.browser, other.token, totp(made.secret, 1))).status, 403, 'an invented step')
      expect(!(await browser.signedIn()), 'the first')
    })
    await test('a recovery code stands for the app once', async () => {
      const first = await givePassword(server, 'w.social', password)
      const code = recovery.shift()
      const answer = await giveCode(first.browser, first.token, code.toLowerCase())
      expect(answer.status === 200 && answer.body.includes('9 left') && (await first.browser.signedIn()), `${answer.status}`)
      const second = await givePassword(server, 'w.social', password)
      equal((await giveCode(second.browser, second.token, code)).status, 403, 'again')
    })
    await test('a starting code leads to a password and an app of one\'s own, and to recovery codes shown once', async () => {
      const { starting_code: code } = JSON.parse(run(['accounts', 'add', 'x.admin', '--starting-code', '--db', db, '--json']).out)
      const { browser, token, answer } = await givePassword(server, 'x.admin', code)
      equal(answer.headers.location, '/sign-in/begin', 'where to')
      const page = await browser.send('/sign-in/begin')
      const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(page.body)[1]
      const weak = await browser.send('/sign-in/begin', { form: { token, password: 'short', code: totp(secret) } })
      expect(weak.status === 400 && /12 characters/.test(weak.body), `weak: ${weak.status}`)
      const done = await browser.send('/sign-in/begin', { form: { token, password: 'lantern orchard violet', code: totp(secret) } })
      equal((done.body.match(/<code>\d-[A-Z2-7-]+<\/code>/g) ?? []).length, 10, 'recovery codes')
      expect(await browser.signedIn(), 'not signed in')
      const again = await givePassword(server, 'x.admin', code)
      equal(again.answer.status, 403, 'the starting code again')
      const people = await browser.send('/admin/people')
      expect(people.status === 200 && people.body.includes('Wren Social') && !people.body.includes('href="/admin/people/w.social"'), `${people.status}`)
      const one = /href="(\/admin\/people\/[0-9a-f]+)"[^>]*>Wren Social/.exec(people.body)[1]
      const wren = await (async () => (await enter()).browser)()
      expect(await wren.signedIn(), 'wren')
      const csrf = field(people, 'csrf')
      const closed = await browser.send(`${one}/close`, { form: { csrf } })
      expect(closed.status === 200 && closed.body.includes('Access closed'), `close: ${closed.status}`)
      expect(!(await wren.signedIn()), 'a session outlives the closing of access')
      equal((await givePassword(server, 'w.social', password)).answer.status, 403, 'after closing')
      equal((await browser.send(`${one}/reopen`, { form: { csrf } })).status, 200, 'reopen')
    })
    await test('whoever is no administrator sees no page of administration', async () => {
      const { browser } = await enter()
      equal((await browser.send('/admin/people')).status, 403, 'status')
    })
    await test('one\'s own sessions are listed and ended one by one', async () => {
      const one = await enter()
      const page = await one.browser.send('/my-sessions')
      const ids = [...page.body.matchAll(/name="session" value="([0-9a-f]{32})"/g)].map((m) => m[1])
      expect(ids.length >= 1, 'no other session is listed')
      const csrf = field(page, 'csrf')
      equal((await one.browser.send('/my-sessions/end', { form: { csrf: 'wrong', session: ids[0] } })).status, 403, 'without the token')
      equal((await one.browser.send('/my-sessions/end-others', { form: { csrf } })).status, 200, 'end')
      expect(await one.browser.signedIn(), 'this one ended as well')
      const after = await one.browser.send('/my-sessions')
      expect(!/name="session" value/.test(after.body), 'others are left')
    })
    await test('asking how long is left keeps no session alive, and tells a stranger nothing', async () => {
      const { browser } = await enter()
      const left = JSON.parse((await browser.send('/session/left')).body)
      expect(left.seconds > 1700 && left.seconds <= 1800 && left.extends === true, JSON.stringify(left))
      equal(JSON.parse((await new Browser(server).send('/session/left')).body).seconds, 0, 'a stranger')
    })
    await test('to sign out ends the session on the server, and keeps the cookie of this browser', async () => {
      const { browser } = await enter()
      const kept = browser.session
      const csrf = field(await browser.send('/my-sessions'), 'csrf')
      equal((await browser.send('/sign-out', { form: { csrf } })).status, 303, 'status')
      expect(browser.cookie('__Host-waymark-device'), 'the device cookie went')
      browser.jar('https://waymark.test')['__Host-waymark'] = kept
      expect(!(await browser.signedIn()), 'the old cookie still opens')
    })
    await test('accounts close ends every session at once while serving; open lets a provider or a new account in', async () => {
      const { browser } = await enter()
      run(['accounts', 'close', 'w.social', '--db', db])
      expect(!(await browser.signedIn()), 'still signed in')
      run(['accounts', 'open', 'w.social', '--db', db])
      equal((await givePassword(server, 'w.social', password)).answer.status, 403, 'the account is gone')
      const again = JSON.parse(run(['accounts', 'add', 'w.social', '--password-fd', '0', '--db', db, '--json'], `${password}\n`).out)
      recovery = [...again.recovery]
      expect(await (await enter()).browser.signedIn(), 'not signed in again')
    })
    await test('a profile without somebody ends their sessions at a server that has not been started again', async () => {
      const { browser } = await enter()
      writeFileSync(join(folder, 'newer.toml'), profile(everybody.filter(([key]) => key !== 'w.social')))
      run(['adopt', '--profile', 'newer.toml', '--db', db])
      expect(!(await browser.signedIn()), 'the leaver is still signed in')
      equal((await givePassword(server, 'w.social', password)).answer.status, 403, 'the leaver signs in again')
    })
    await test('the command refuses a weak password, a name that nobody has, and a second account', async () => {
      for (const [words, typed, what] of [[['add', 's.lead'], 'short', /12 characters/], [['add', 'nobody'], password, /key/], [['add', 'x.admin'], password, /already/],
        [['add', 's.lead'], 'passwordpassword1', /everybody/], [['reset', 's.lead'], password, /no account/]]) {
        const done = waymark(['accounts', ...words, '--password-fd', '0', '--db', db], `${typed}\n`)
        expect(done.code !== 0 && what.test(done.err), `${words}: ${done.code} ${done.err}`)
      }
      const shown = run(['accounts', 'list', '--db', db, '--json']).out
      expect(!shown.includes(made.secret) && shown.includes('x.admin'), shown)
    })
  } finally {
    await server.stop()
  }
  await test('nothing that a person typed or was shown stands in the server\'s log', async () => {
    const log = server.err()
    for (const word of [password, 'w.social', made.secret, 'lantern']) expect(!log.includes(word), `${word} stands in the log`)
  })
}

// A real provider: every way in that it offers, and what the sign-in then counts for.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { authority, Browser, equal, expect, field, folder, init, publicUrl, serve, test } from './lib.mjs'
import { ecKey, rsaKey } from './hostile.mjs'
import { realProvider } from './provider.mjs'

const issuer = (url, key, more = '') => `[[issuer]]
key = "${key}"
name = "The ${key}"
url = "${url}"
client_id = "waymark-${key}"
ca_file = "trusted.pem"
people = {"subject-of-wren" = "w.social", "subject-of-xan" = "x.admin", "subject-of-gone" = "s.lead"}
acr = {"urn:two" = "two-factor", "urn:key" = "phishing-resistant"}
amr = {"otp" = "two-factor", "hwk" = "phishing-resistant"}
agencies = ["csc"]
${more}
`

export async function genuine() {
  const ca = authority('trusted')
  const provider = await realProvider(ca.server('localhost'), [rsaKey('rsa-1'), ecKey('ec-1')])
  const db = 'genuine.db'
  init(db)
  writeFileSync(join(folder, 'council.secret'), `${provider.secret}\n`)
  const secret = 'secret_file = "council.secret"'
  writeFileSync(join(folder, 'genuine.toml'), `public_url = "${publicUrl}"
to_administer = "phishing-resistant"
${issuer(provider.issuer, 'council', secret)}`)
  const server = await serve(db, '--sign-in', 'genuine.toml')
  const enter = async (login, path = '/sign-in/with/council', browser = new Browser(server, ca.pem)) => {
    Object.assign(provider.people, { login: { accountId: 'subject-of-wren', acr: 'urn:two', amr: ['pwd', 'otp'], ...login }, refuse: false })
    return { browser, answer: await browser.go(path) }
  }
  try {
    await test('the real provider signs its person in, and the page they wanted comes', async () => {
      const { browser, answer } = await enter({}, '/sign-in/with/council?next=%2Fmy-sessions')
      equal([answer.status, answer.url], [200, `${publicUrl}/my-sessions`], 'the page')
      expect(answer.body.includes('Wren Social') && answer.body.includes('The council, with two factors'), 'who and how')
      expect(await browser.signedIn(), 'not signed in')
    })
    await test('the sign-in page offers the provider by name, and asks for no password of it', async () => {
      const page = await new Browser(server).send('/sign-in')
      expect(page.body.includes('Sign in with The council') && page.body.includes('/sign-in/with/council'), 'no button')
    })
    await test('the request holds PKCE S256, a state, a nonce, and no secret', async () => {
      const browser = new Browser(server)
      const where = new URL((await browser.send('/sign-in/with/council')).headers.location)
      const asked = Object.fromEntries(where.searchParams)
      equal([asked.response_type, asked.code_challenge_method, asked.client_id], ['code', 'S256', 'waymark-council'], 'request')
      expect(asked.code_challenge.length === 43 && asked.state.length === 43 && asked.nonce.length === 43, 'lengths')
      expect(!where.toString().includes('secret'), 'the secret')
      const again = new URL((await browser.send('/sign-in/with/council')).headers.location)
      expect(again.searchParams.get('state') !== asked.state && again.searchParams.get('nonce') !== asked.nonce, 'the same again')
    })
    await test('a sign-in by password alone is refused where two factors are the least', async () => {
      const { browser, answer } = await enter({ acr: 'urn:one', amr: ['pwd'] })
      expect(answer.status === 403 && /password/.test(answer.body) && !browser.session, `${answer.status}`)
    })
    await test('a person whom the provider knows and the partnership does not is told so', async () => {
      const { browser, answer } = await enter({ accountId: 'subject-of-nobody' })
      expect(answer.status === 403 && /nobody here/.test(answer.body) && !browser.session, `${answer.status}`)
    })
    await test('a provider speaks for its own agency alone', async () => {
      const { browser, answer } = await enter({ accountId: 'subject-of-gone' })
      expect(answer.status === 403 && /agency/.test(answer.body) && !browser.session, `${answer.status}`)
    })
    await test('who says no at the provider is not signed in', async () => {
      const browser = new Browser(server, ca.pem)
      provider.people.refuse = true
      const answer = await browser.go('/sign-in/with/council')
      expect(answer.status === 403 && !browser.session, `${answer.status}`)
      provider.people.refuse = false
    })
    await test('administration asks for the strength that the settings name, and a stronger sign-in gives it with a new token', async () => {
      const { browser } = await enter({ accountId: 'subject-of-xan' })
      const weak = await browser.send('/admin/people')
      expect(weak.status === 403 && weak.body.includes('phishing-resistant'), `${weak.status}`)
      const before = browser.session
      const { answer } = await enter({ accountId: 'subject-of-xan', acr: 'urn:key', amr: ['hwk'] }, '/sign-in/with/council?next=%2Fadmin%2Fpeople&again=1', browser)
      equal([answer.status, answer.url], [200, `${publicUrl}/admin/people`], 'the page')
      expect(browser.session !== before, 'the token is the old one')
      browser.jar(publicUrl)['__Host-waymark'] = before
      expect(!(await browser.signedIn()), 'the old token still opens')
    })
    await test('two people in one browser, one after the other, are told apart', async () => {
      const { browser } = await enter({})
      const csrf = field(await browser.send('/my-sessions'), 'csrf')
      await browser.send('/sign-out', { form: { csrf } })
      delete browser.jars[new URL(provider.issuer).host]
      const { answer } = await enter({ accountId: 'subject-of-xan' }, '/sign-in/with/council?next=%2Fmy-sessions', browser)
      expect(answer.body.includes('Xan Admin') && !answer.body.includes('Wren Social'), 'the wrong person')
    })
  } finally {
    await server.stop()
  }
  // Other algorithms and other ways for a client to show itself; one provider has one address, so each has its server.
  for (const [key, more, sentence] of [
    ['es', secret, 'a token signed by ES256 is taken'], ['ps', secret, 'a token signed by PS256 is taken'],
    ['post', `${secret}\nsecret_in_body = true`, 'the secret goes in the body where the settings say so'],
    ['public', '', 'a client without a secret stands on PKCE alone'],
  ]) {
    writeFileSync(join(folder, `${key}.toml`), `public_url = "${publicUrl}"\n${issuer(provider.issuer, key, more)}`)
    const other = await serve(db, '--sign-in', `${key}.toml`)
    try {
      await test(sentence, async () => {
        provider.people.login = { accountId: 'subject-of-wren', acr: 'urn:two', amr: ['otp'] }
        const browser = new Browser(other, ca.pem)
        const answer = await browser.go(`/sign-in/with/${key}?next=%2Fsession`)
        expect(answer.status === 200 && browser.session, `${answer.status} ${answer.url}`)
      })
    } finally {
      await other.stop()
    }
  }
  await provider.stop()
}

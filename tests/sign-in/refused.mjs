// A hostile provider, wrong in one respect at a time: nobody is signed in, whatever it is, and the page says which check
// failed. A control with nothing wrong stands first and last, so that a refusal means what it says.
import { writeFileSync } from 'node:fs'
import net from 'node:net'
import https from 'node:https'
import { join } from 'node:path'
import { authority, Browser, equal, expect, folder, init, publicUrl, serve, test } from './lib.mjs'
import { base64url, ecKey, halfHash, hmacSigned, hostileServer, now, pem, rsaKey, signed } from './hostile.mjs'

const settings = (url, key, ca = 'trusted.pem') => `[[issuer]]
key = "${key}"
name = "The ${key}"
url = "${url}"
client_id = "waymark"
ca_file = "${ca}"
people = {"wren" = "w.social", "sam" = "s.lead"}
agencies = ["csc"]
amr = {"otp" = "two-factor"}
`

export async function refused() {
  const ca = authority('trusted')
  const other = authority('untrusted')
  const hostile = await hostileServer(ca.server('localhost'))
  const keys = { rsa: rsaKey('rsa'), ec: ecKey('ec'), rsa2: rsaKey('rsa2') }
  const foreign = rsaKey('foreign')
  const main = hostile.at('main', Object.values(keys))
  const second = hostile.at('second', [foreign])
  const issuers = { main: main.url, second: second.url }
  const broken = {}
  const provider = (key, change) => {
    broken[key] = hostile.at(key, [keys.rsa])
    change(broken[key])
    issuers[key] = broken[key].url
    return broken[key]
  }
  const smallRsa = rsaKey('small', 1024)
  const raw = (tools, status, type, body) => { tools.answer.writeHead(status, { 'content-type': type }); tools.answer.end(body) }

  // ---- providers whose own papers are not in order, one address each ----
  const papers = {
    'another issuer in the discovery document': (p) => { p.metadata.issuer = main.url },
    'an issuer with a slash more': (p) => { p.metadata.issuer = `${p.url}/` },
    'no address of its keys': (p) => { delete p.metadata.jwks_uri },
    'a token endpoint without TLS': (p) => { p.metadata.token_endpoint = p.metadata.token_endpoint.replace('https:', 'http:') },
    'a token endpoint with a name before the host': (p) => { p.metadata.token_endpoint = p.metadata.token_endpoint.replace('localhost', 'localhost@elsewhere') },
    'a sign-in page that is a script': (p) => { p.metadata.authorization_endpoint = 'javascript:alert(1)' },
    'signatures by HS256 alone': (p) => { p.metadata.id_token_signing_alg_values_supported = ['HS256', 'none'] },
    'no PKCE by S256': (p) => { p.metadata.code_challenge_methods_supported = ['plain'] },
    'no authorization code': (p) => { p.metadata.response_types_supported = ['id_token token'] },
    'a discovery document that redirects': (p) => { p.discovery = ({ answer }) => { answer.writeHead(302, { location: `${main.url}/.well-known/openid-configuration` }); answer.end() } },
    'a discovery document of a megabyte': (p) => { p.discovery = ({ json }) => json({ ...p.metadata, more: 'x'.repeat(1 << 20) }) },
    'a discovery document with a member twice': (p) => { p.discovery = ({ json }) => json(JSON.stringify(p.metadata).replace('{', `{"issuer":"${main.url}",`)) },
    'a discovery document that is a web page': (p) => { p.discovery = (tools) => raw(tools, 200, 'text/html', '<title>Hello</title>') },
  }
  const keySets = {
    'a key of 1,024 bits': () => ({ keys: [smallRsa.jwk] }),
    'a key with the exponent 1': () => ({ keys: [{ ...keys.rsa.jwk, e: 'AQ' }] }),
    'a point that is not on the curve': () => ({ keys: [{ ...keys.ec.jwk, kid: 'rsa', y: keys.ec.jwk.x }] }),
    'two keys under one name': () => ({ keys: [keys.rsa.jwk, { ...keys.rsa2.jwk, kid: 'rsa' }] }),
    'a private key for all to see': () => ({ keys: [{ ...keys.rsa.privateKey.export({ format: 'jwk' }), kid: 'rsa' }] }),
    'a shared secret in place of a key': () => ({ keys: [{ kty: 'oct', k: base64url('secret'), kid: 'rsa', alg: 'HS256' }] }),
    'a key that is for encryption': () => ({ keys: [{ ...keys.rsa.jwk, use: 'enc' }] }),
    'more keys than anybody has': () => ({ keys: Array.from({ length: 500 }, (_, n) => ({ ...keys.rsa.jwk, kid: `k${n}` })) }),
    'keys that are no list': () => ({ keys: { rsa: keys.rsa.jwk } }),
  }
  const paperKeys = Object.entries(papers).map(([sentence, change], n) => [`paper-${n}`, sentence, provider(`paper-${n}`, change)])
  const setKeys = Object.entries(keySets).map(([sentence, make], n) => [`keys-${n}`, sentence, provider(`keys-${n}`, (p) => {
    p.jwks = ({ json }) => json(make())
    p.keys = [keys.rsa]
  })])
  const down = provider('keys-down', (p) => { p.jwks = ({ json }) => json({}, 500) })

  // ---- servers that cannot be trusted at all ----
  const strangers = {}
  const listening = async (server) => { await new Promise((done) => server.listen(0, '127.0.0.1', done)); return server.address().port }
  const papersOf = (port) => JSON.stringify({ issuer: `https://localhost:${port}`, authorization_endpoint: `https://localhost:${port}/a`, token_endpoint: `https://localhost:${port}/t`, jwks_uri: `https://localhost:${port}/k` })
  const answering = (tls) => { const server = https.createServer(tls, (_, answer) => { answer.writeHead(200, { 'content-type': 'application/json' }); answer.end(papersOf(server.address().port)) }); return server }
  strangers.stranger = { server: answering(other.server('localhost')), sentence: 'a certificate that nobody trusts' }
  strangers.misnamed = { server: answering(ca.server('elsewhere.test')), sentence: 'a certificate of another name' }
  strangers.plain = { server: net.createServer((socket) => { socket.on('error', () => {}); socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}')) }), sentence: 'no TLS at all' }
  for (const [key, one] of Object.entries(strangers)) {
    one.server.on('tlsClientError', () => {})
    issuers[key] = `https://localhost:${await listening(one.server)}`
  }
  const closed = net.createServer()
  issuers.closed = `https://localhost:${await listening(closed)}`
  await new Promise((done) => closed.close(done))

  init('refused.db')
  writeFileSync(join(folder, 'refused.toml'), `public_url = "${publicUrl}"\n${Object.entries(issuers).map(([key, url]) => settings(url, key)).join('')}`)
  const server = await serve('refused.db', '--sign-in', 'refused.toml')

  // A sign-in under way: what the request asked for, and how the answer is brought back.
  const begin = async (key = 'main', browser = new Browser(server)) => {
    const answer = await browser.send(`/sign-in/with/${key}`)
    const asked = answer.status === 303 ? Object.fromEntries(new URL(answer.headers.location).searchParams) : {}
    const good = { code: 'a-code', state: asked.state, iss: issuers[key] }
    const back = (query = good, at = key) => browser.send(`/sign-in/back/${at}?${typeof query === 'string' ? query : new URLSearchParams(query)}`)
    return { browser, answer, asked, good, back }
  }
  const claimsFor = (asked, more = {}) => ({
    iss: main.url, sub: 'wren', aud: 'waymark', exp: now() + 300, iat: now(), nonce: asked.nonce, amr: ['otp'], at_hash: halfHash('access'), ...more,
  })
  const out = ({ browser, answer }, what, status = 403) => {
    expect(answer.status === status, `the answer is ${answer.status}: ${answer.body.replaceAll(/<[^>]*>/g, ' ').slice(0, 4000).match(/You are not signed in.*/s)?.[0]?.slice(0, 300)}`)
    expect(!browser.session, 'somebody is signed in')
    if (what) expect(answer.body.includes(`(${what}: `) || answer.body.includes(what), `the page does not say ${what}: ${/\(([^)]*)\)\./.exec(answer.body.replaceAll(/<[^>]*>/g, ''))?.[1]}`)
  }
  const control = (sentence) => test(sentence, async () => {
    const flow = await begin()
    main.answerWith = null
    main.idToken = () => signed(keys.rsa, claimsFor(flow.asked))
    const answer = await flow.back()
    equal([answer.status, answer.headers.location], [303, '/'], 'the answer')
    expect(await flow.browser.signedIn(), 'not signed in')
  })
  // The ID token is wrong, and all else is right.
  const token = (sentence, what, make, status = 403) => test(`${sentence} is refused`, async () => {
    const flow = await begin()
    main.answerWith = null
    main.idToken = () => make(flow.asked)
    out({ browser: flow.browser, answer: await flow.back() }, what, status)
  })
  const claim = (sentence, what, more) => token(sentence, what, (asked) => {
    const claims = claimsFor(asked, typeof more === 'function' ? more(asked) : more)
    for (const [name, value] of Object.entries(claims)) if (value === undefined) delete claims[name]
    return signed(keys.rsa, claims)
  })
  const endpoint = (sentence, answerWith, status = 503) => test(`a token endpoint with ${sentence} signs nobody in`, async () => {
    const flow = await begin()
    main.idToken = () => signed(keys.rsa, claimsFor(flow.asked))
    main.answerWith = answerWith
    out({ browser: flow.browser, answer: await flow.back() }, null, status)
    main.answerWith = null
  })
  const brought = (sentence, what, query, { at, cookies, status = 403 } = {}) => test(`an answer with ${sentence} is refused`, async () => {
    const flow = await begin()
    main.idToken = () => signed(keys.rsa, claimsFor(flow.asked))
    cookies?.(flow.browser.jar(publicUrl))
    out({ browser: flow.browser, answer: await flow.back(query(flow.good), at) }, what, status)
  })

  try {
    await control('with nothing wrong the hostile provider signs its person in')

    // ---- what is brought back through the browser ----
    await brought('no state', 'state', ({ code, iss }) => ({ code, iss }))
    await brought('a state that nobody asked for', 'state', (good) => ({ ...good, state: 'A'.repeat(43) }))
    await brought('a state of the wrong length', 'state', (good) => ({ ...good, state: good.state.slice(1) }))
    await brought('a state twice', 'state', (good) => `${new URLSearchParams(good)}&state=${good.state}`)
    await brought('a code twice', 'code', (good) => `${new URLSearchParams(good)}&code=another`)
    await brought('an issuer twice', 'iss', (good) => `${new URLSearchParams(good)}&iss=${encodeURIComponent(good.iss)}`)
    await brought('no code', 'code', ({ state, iss }) => ({ state, iss }))
    await brought('a code of five thousand letters', 'code', (good) => ({ ...good, code: 'x'.repeat(5_000) }))
    await brought('no issuer, where the provider announced one', 'iss', ({ code, state }) => ({ code, state }))
    await brought('another issuer', 'iss', (good) => ({ ...good, iss: second.url }))
    await brought('an issuer that only begins alike', 'iss', (good) => ({ ...good, iss: `${good.iss}.elsewhere.test` }))
    await brought('an error', 'did not sign you in', ({ state, iss }) => ({ state, iss, error: 'access_denied', error_description: '<script>alert(1)</script>' }))
    await brought('an error and a code', 'did not sign you in', (good) => ({ ...good, error: 'login_required' }))
    await brought('no cookie of the browser that began', 'state', (good) => good, { cookies: (jar) => { for (const name of Object.keys(jar)) delete jar[name] } })
    await brought('the cookie of another browser', 'state', (good) => good, { cookies: (jar) => { jar['__Host-waymark-visit'] = 'b'.repeat(64) } })
    await brought('the address of another provider (mix-up)', 'iss', (good) => good, { at: 'second' })
    await brought('the address of another provider and its name (mix-up)', 'iss', (good) => ({ ...good, iss: second.url }), { at: 'second' })
    await brought('the address of a provider that there is not', null, (good) => good, { at: 'nobody', status: 404 })
    await test('a state is good once: the same answer again is refused', async () => {
      const flow = await begin()
      main.idToken = () => signed(keys.rsa, claimsFor(flow.asked))
      equal((await flow.back()).status, 303, 'first')
      delete flow.browser.jar(publicUrl)['__Host-waymark']
      out({ browser: flow.browser, answer: await flow.back() }, 'state')
    })
    await test('a state is good once: after a refusal the right answer comes too late', async () => {
      const flow = await begin()
      main.idToken = () => signed(keys.rsa, claimsFor(flow.asked, { nonce: 'wrong' }))
      out({ browser: flow.browser, answer: await flow.back() }, 'nonce')
      main.idToken = () => signed(keys.rsa, claimsFor(flow.asked))
      out({ browser: flow.browser, answer: await flow.back() }, 'state')
    })
    await test('a code that was used for one sign-in does not serve another (its token has the first one\'s nonce)', async () => {
      const first = await begin()
      const stolen = signed(keys.rsa, claimsFor(first.asked))
      const flow = await begin()
      main.idToken = () => stolen
      out({ browser: flow.browser, answer: await flow.back() }, 'nonce')
    })
    await test('the code goes to the provider that was asked, with the verifier of this sign-in and no secret in an address', async () => {
      const flow = await begin()
      main.idToken = () => signed(keys.rsa, claimsFor(flow.asked))
      await flow.back()
      const { createHash } = await import('node:crypto')
      const sent = hostile.asked.filter((one) => one.path === 'main' && one.rest === 'token').at(-1)
      const form = new URLSearchParams(sent.body)
      equal(createHash('sha256').update(form.get('code_verifier')).digest('base64url'), flow.asked.code_challenge, 'the challenge')
      equal([form.get('grant_type'), form.get('redirect_uri')], ['authorization_code', `${publicUrl}/sign-in/back/main`], 'the form')
    })
    await test('after signing in nobody is led to another site', async () => {
      for (const next of ['https://elsewhere.test/', '//elsewhere.test/', '/\\elsewhere.test', 'javascript:alert(1)']) {
        const flow = await begin(`main?next=${encodeURIComponent(next)}`)
        main.idToken = () => signed(keys.rsa, claimsFor(flow.asked))
        const answer = await flow.browser.send(`/sign-in/back/main?${new URLSearchParams({ code: 'c', state: flow.asked.state, iss: main.url })}`)
        equal([answer.status, answer.headers.location], [303, '/'], next)
      }
    })

    // ---- the token endpoint ----
    await endpoint('status 400', ({ json }) => json({ error: 'invalid_grant' }, 400), 403)
    await endpoint('status 500', ({ json }) => json({}, 500))
    await endpoint('a redirect', ({ answer }) => { answer.writeHead(307, { location: `${second.url}/token` }); answer.end() }, 403)
    await endpoint('a web page', (tools) => raw(tools, 200, 'text/html', JSON.stringify({ access_token: 'access', token_type: 'Bearer', id_token: main.idToken() })))
    await endpoint('something that is no JSON', (tools) => raw(tools, 200, 'application/json', 'access_token=access'))
    await endpoint('half an answer', (tools) => raw(tools, 200, 'application/json', `{"access_token":"access","token_type":"Bearer","id_token":"${main.idToken()}"`))
    await endpoint('the same member twice', (tools) => raw(tools, 200, 'application/json', `{"access_token":"access","token_type":"Bearer","id_token":"x","id_token":"${main.idToken()}"}`))
    await endpoint('no ID token', ({ json }) => json({ access_token: 'access', token_type: 'Bearer' }))
    await endpoint('an ID token that is a number', ({ json }) => json({ access_token: 'access', token_type: 'Bearer', id_token: 7 }))
    await endpoint('no access token', ({ json }) => json({ token_type: 'Bearer', id_token: main.idToken() }))
    await endpoint('a token of another type', ({ json }) => json({ access_token: 'access', token_type: 'mac', id_token: main.idToken() }))
    await endpoint('an answer of a megabyte', ({ json }) => json({ access_token: 'access', token_type: 'Bearer', id_token: main.idToken(), more: 'x'.repeat(1 << 20) }))
    await endpoint('an answer a thousand levels deep', (tools) => raw(tools, 200, 'application/json', `{"access_token":"a","token_type":"Bearer","id_token":"x","more":${'['.repeat(1000)}${']'.repeat(1000)}}`))
    await endpoint('ill-formed text', (tools) => raw(tools, 200, 'application/json', Buffer.from('{"access_token":"\xff\xfe","token_type":"Bearer","id_token":"x"}', 'latin1')))
    await endpoint('less than it promised', ({ answer }) => { answer.writeHead(200, { 'content-type': 'application/json', 'content-length': 5000 }); answer.write('{"access_token":'); answer.destroy() })
    await endpoint('a connection that breaks', ({ request }) => request.socket.destroy())
    await test('a token endpoint that drips is given up in ten seconds, and others are answered meanwhile', async () => {
      const flow = await begin()
      let drip
      main.answerWith = ({ answer }) => { answer.writeHead(200, { 'content-type': 'application/json' }); drip = setInterval(() => answer.write(' '), 200) }
      const began = Date.now()
      const waiting = flow.back()
      const meanwhile = Date.now()
      equal((await new Browser(server).send('/sign-in')).status, 200, 'the sign-in page meanwhile')
      expect(Date.now() - meanwhile < 2_000, 'others wait')
      out({ browser: flow.browser, answer: await waiting }, null, 503)
      clearInterval(drip)
      main.answerWith = null
      expect(Date.now() - began < 11_000, `${Date.now() - began} ms`)
    })

    // ---- what the token says ----
    await claim('a token of another provider', 'iss', { iss: second.url })
    await claim('a token of a provider with a slash more', 'iss', { iss: `${main.url}/` })
    await claim('a token without a provider', 'iss', { iss: undefined })
    await claim('a token for another application', 'aud', { aud: 'another' })
    await claim('a token for another application as well', 'aud', { aud: ['waymark', 'another'], azp: 'waymark' })
    await claim('a token for nobody', 'aud', { aud: [] })
    await claim('a token without an audience', 'aud', { aud: undefined })
    await claim('a token whose audience is a number', 'aud', { aud: 7 })
    await claim('a token that another application asked for', 'azp', { azp: 'another' })
    await claim('a token that is over', 'exp', { exp: now() - 120, iat: now() - 200 })
    await claim('a token without an end', 'exp', { exp: undefined })
    await claim('a token whose end is text', 'exp', { exp: String(now() + 300) })
    await claim('a token that ends before time began', 'exp', { exp: -1 })
    await claim('a token from the future', 'iat', { iat: now() + 600, exp: now() + 900 })
    await claim('a token of an hour ago', 'iat', { iat: now() - 3600 })
    await claim('a token without a time', 'iat', { iat: undefined })
    await claim('a token that does not hold yet', 'nbf', { nbf: now() + 600 })
    await claim('a token whose beginning is text', 'nbf', { nbf: 'now' })
    await claim('a token with another nonce', 'nonce', { nonce: 'another' })
    await claim('a token without a nonce', 'nonce', { nonce: undefined })
    await claim('a token whose nonce is a list', 'nonce', (asked) => ({ nonce: [asked.nonce] }))
    await claim('a token about nobody', 'sub', { sub: undefined })
    await claim('a token about an empty name', 'sub', { sub: '' })
    await claim('a token about a number', 'sub', { sub: 7 })
    await claim('a token about a name of a thousand letters', 'sub', { sub: 'x'.repeat(1000) })
    await claim('a token about somebody who is not here', 'nobody here', { sub: 'stranger' })
    await claim('a token about a practitioner by their key, which is not what the provider calls them', 'nobody here', { sub: 'w.social' })
    await claim('a token about somebody of another agency', 'agency', { sub: 'sam' })
    await claim('a token of a sign-in by password alone', 'password', { amr: ['pwd'] })
    await claim('a token that does not say how', 'password', { amr: undefined })
    await claim('a token that says how as text and not as a list', 'password', { amr: 'otp' })
    await claim('a token with the digest of another access token', 'at_hash', { at_hash: halfHash('another') })
    await claim('a token that is for signing out', 'events', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })
    await token('a token with a claim twice', 'token', (asked) => signed(keys.rsa, JSON.stringify(claimsFor(asked)).replace('{', '{"sub":"sam",')))
    await token('a token whose claims are a list', 'token', (asked) => signed(keys.rsa, JSON.stringify([claimsFor(asked)])))

    // ---- how the token is signed ----
    const claims = (asked) => claimsFor(asked)
    const unsigned = (alg) => (asked) => `${base64url(JSON.stringify({ alg, typ: 'JWT' }))}.${base64url(JSON.stringify(claims(asked)))}.`
    await token('a token signed by nothing (none)', 'token', unsigned('none'))
    await token('a token signed by nothing (nOnE)', 'token', unsigned('nOnE'))
    await token('a token signed by nothing, that says RS256', 'token', unsigned('RS256'))
    await token('a token signed by HS256 with the public key', 'token', (asked) => hmacSigned(pem(keys.rsa), claims(asked), { alg: 'HS256', kid: 'rsa' }))
    await token('a token signed by HS256 with the client\'s name', 'token', (asked) => hmacSigned('waymark', claims(asked), { alg: 'HS256', kid: 'rsa' }))
    await token('a token signed by HMAC, that says RS256', 'signature', (asked) => hmacSigned(pem(keys.rsa), claims(asked), { alg: 'RS256', kid: 'rsa' }))
    await token('a token signed by RS384', 'token', (asked) => signed(keys.rsa, claims(asked), { alg: 'RS384' }, { digest: 'sha384' }))
    await token('a token without an algorithm', 'token', (asked) => signed(keys.rsa, claims(asked), { alg: undefined }))
    await token('a token signed by a key that the provider does not name', 'signature', (asked) => signed(foreign, claims(asked)))
    await token('a token signed by another key under a known name', 'signature', (asked) => signed(foreign, claims(asked), { kid: 'rsa' }))
    await token('a token signed by one key of the provider under the name of another', 'signature', (asked) => signed(keys.rsa2, claims(asked), { kid: 'rsa' }))
    await token('a token signed by another key, with no name of a key', 'signature', (asked) => signed(foreign, claims(asked), { kid: undefined }))
    await token('a token whose claims were changed after signing', 'signature', (asked) => {
      const [head, , signature] = signed(keys.rsa, claims(asked)).split('.')
      return `${head}.${base64url(JSON.stringify({ ...claims(asked), amr: ['otp', 'hwk'] }))}.${signature}`
    })
    await token('a token whose header was changed after signing', 'signature', (asked) => {
      const [, body, signature] = signed(keys.rsa, claims(asked)).split('.')
      return `${base64url(JSON.stringify({ alg: 'PS256', kid: 'rsa' }))}.${body}.${signature}`
    })
    await token('a token with half a signature', 'signature', (asked) => signed(keys.rsa, claims(asked)).replace(/[^.]*$/, (whole) => base64url(Buffer.from(whole, 'base64url').subarray(0, 128))))
    await token('a token with two parts', 'token', (asked) => signed(keys.rsa, claims(asked)).split('.').slice(0, 2).join('.'))
    await token('a token with four parts', 'token', (asked) => `${signed(keys.rsa, claims(asked))}.more`)
    await token('a token cut off in the middle', 'token', (asked) => signed(keys.rsa, claims(asked)).slice(0, 60))
    await token('a token with a line end', 'token', (asked) => signed(keys.rsa, claims(asked)).replace('.', '.\n'))
    await token('a token with padding', 'token', (asked) => `${signed(keys.rsa, claims(asked))}==`)
    await token('a token with a critical header', 'token', (asked) => signed(keys.rsa, claims(asked), { crit: ['exp'], exp: now() + 300 }))
    await token('a token that brings its own key', 'token', (asked) => signed(foreign, claims(asked), { kid: 'rsa', jwk: foreign.jwk }))
    await token('a token that says where its key is', 'token', (asked) => signed(foreign, claims(asked), { kid: 'foreign', jku: `${second.url}/jwks` }))
    await token('a token that brings certificates', 'token', (asked) => signed(foreign, claims(asked), { x5c: ['AAAA'] }))
    await token('a token of another type', 'token', (asked) => signed(keys.rsa, claims(asked), { typ: 'at+jwt' }))
    await token('a token with a header twice', 'token', (asked) => signed(keys.rsa, claims(asked), '{"alg":"none","alg":"RS256","kid":"rsa"}'))
    await token('a token of twenty kilobytes', null, (asked) => signed(keys.rsa, { ...claims(asked), more: 'x'.repeat(20_000) }), 503)
    await token('a token signed by ES256 in another form', 'signature', (asked) => signed(keys.ec, claims(asked), {}, { der: true }))
    await token('a token signed by ES256 with nothing but noughts', 'signature', (asked) => signed(keys.ec, claims(asked)).replace(/[^.]*$/, base64url(Buffer.alloc(64))))
    await token('a token of ES256 under the name of an RSA key', 'signature', (asked) => signed(keys.ec, claims(asked), { kid: 'rsa' }))
    await token('a token signed by PS256 that says RS256', 'signature', (asked) => signed(keys.rsa, claims(asked), {}, { pss: true }))

    // ---- the provider's papers and keys ----
    for (const [key, sentence] of paperKeys) {
      await test(`a provider with ${sentence} is not asked for anybody`, async () => {
        const flow = await begin(key)
        out(flow, null, 503)
      })
    }
    for (const [key, sentence, p] of setKeys) {
      await test(`a provider with ${sentence} signs nobody in`, async () => {
        const flow = await begin(key)
        equal(flow.answer.status, 303, 'begin')
        p.idToken = () => signed(sentence.includes('point') ? keys.ec : sentence.includes('1,024') ? smallRsa : keys.rsa, { ...claimsFor(flow.asked), iss: p.url }, { kid: 'rsa' })
        const answer = await flow.back()
        expect([403, 503].includes(answer.status) && !flow.browser.session, `${answer.status}`)
      })
    }
    await test('a provider whose keys cannot be had signs nobody in', async () => {
      const flow = await begin('keys-down')
      down.idToken = () => signed(keys.rsa, { ...claimsFor(flow.asked), iss: down.url })
      out({ browser: flow.browser, answer: await flow.back() }, null, 503)
    })
    for (const [key, { sentence }] of Object.entries(strangers)) {
      await test(`a provider with ${sentence} is not asked for anybody`, async () => out(await begin(key), null, 503))
    }
    await test('a provider that does not answer is said to be out of reach', async () => out(await begin('closed'), null, 503))

    // ---- a provider's own sign-out ----
    const logout = (more, header = {}) => signed(keys.rsa, { iss: main.url, aud: 'waymark', iat: now(), exp: now() + 120, jti: `id-${Math.random()}`,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, ...more }, { typ: 'logout+jwt', ...header })
    const sendOut = (text, at = 'main') => new Browser(server).send(`/sign-in/out/${at}`, { form: { logout_token: text } })
    const signedIn = async (sid) => {
      const flow = await begin()
      main.idToken = () => signed(keys.rsa, claimsFor(flow.asked, { sid }))
      await flow.back()
      expect(await flow.browser.signedIn(), 'not signed in')
      return flow.browser
    }
    await test('a provider that signs a login out ends its session at once, and no other', async () => {
      const [one, two] = [await signedIn('one'), await signedIn('two')]
      const sent = logout({ sub: 'wren', sid: 'one' })
      equal((await sendOut(sent)).status, 200, 'status')
      expect(!(await one.signedIn()) && (await two.signedIn()), 'the wrong session ended')
      equal((await sendOut(sent)).status, 400, 'the same token again')
      equal((await sendOut(logout({ sub: 'wren' }))).status, 200, 'everywhere')
      expect(!(await two.signedIn()), 'a session is left')
    })
    for (const [sentence, text] of [
      ['an ID token', () => signed(keys.rsa, { ...claimsFor({ nonce: 'n' }) })],
      ['a token without the event', () => logout({ sub: 'wren', events: {} })],
      ['a token with a nonce', () => logout({ sub: 'wren', nonce: 'n' })],
      ['a token about nobody', () => logout({})],
      ['a token without an id', () => logout({ sub: 'wren', jti: undefined })],
      ['a token for another application', () => logout({ sub: 'wren', aud: 'another' })],
      ['a token of another provider', () => logout({ sub: 'wren', iss: second.url })],
      ['a token that is over', () => logout({ sub: 'wren', iat: now() - 900, exp: now() - 600 })],
      ['a token that nobody signed', () => logout({ sub: 'wren' }).replace(/[^.]*$/, 'AAAA')],
      ['nothing', () => ''],
    ]) {
      await test(`${sentence} signs nobody out`, async () => {
        const browser = await signedIn('kept')
        const answer = await sendOut(text())
        expect(answer.status === 400 && (await browser.signedIn()), `${answer.status}`)
      })
    }
    await control('with nothing wrong the hostile provider still signs its person in')
    await test('the log of the server holds no token, no state and no name', async () => {
      for (const word of ['eyJ', 'wren', 'w.social', 'a-code']) expect(!server.err().includes(word), `${word} stands in the log`)
    })
  } finally {
    await server.stop()
    await hostile.stop()
    for (const { server: one } of Object.values(strangers)) one.close()
  }
}

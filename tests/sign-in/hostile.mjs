// An identity provider that does as a test tells it, wrong in one respect at a time. It shares no code with the product:
// tokens are put together by hand, so that they can be put together badly.
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto'
import https from 'node:https'

export const base64url = (bytes) => Buffer.from(bytes).toString('base64url')
export const now = () => Math.floor(Date.now() / 1000)

export function rsaKey(kid, bits = 2048) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return { kid, alg: 'RS256', privateKey, publicKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' } }
}
export function ecKey(kid) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { kid, alg: 'ES256', privateKey, publicKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' } }
}

// header and claims: objects, or texts that are taken as they are.
const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value))
export function signed(key, claims, header = {}, how = {}) {
  const head = typeof header === 'string' ? header : { alg: key.alg, kid: key.kid, typ: 'JWT', ...header }
  const part = `${base64url(text(head))}.${base64url(text(claims))}`
  let signature
  if (key.alg === 'ES256') signature = sign('sha256', Buffer.from(part), { key: key.privateKey, dsaEncoding: how.der ? 'der' : 'ieee-p1363' })
  else if (how.pss) signature = sign('sha256', Buffer.from(part), { key: key.privateKey, padding: 6, saltLength: 32 })
  else signature = sign(how.digest ?? 'sha256', Buffer.from(part), key.privateKey)
  return `${part}.${base64url(signature)}`
}
export function hmacSigned(secret, claims, header) {
  const part = `${base64url(JSON.stringify({ typ: 'JWT', ...header }))}.${base64url(JSON.stringify(claims))}`
  return `${part}.${base64url(createHmac('sha256', secret).update(part).digest())}`
}
export const pem = (key) => key.publicKey.export({ type: 'spki', format: 'pem' })
export const halfHash = (value) => base64url(createHash('sha256').update(value).digest().subarray(0, 16))

// Several providers in one server, one under each path. `at(path)` gives one that a test may change.
export async function hostileServer(tls) {
  const all = new Map()
  const asked = []
  const server = https.createServer(tls, (request, answer) => {
    const [, path, ...rest] = request.url.split('?')[0].split('/')
    const provider = all.get(path)
    let body = ''
    request.on('data', (part) => { body += part })
    request.on('end', () => {
      asked.push({ path, rest: rest.join('/'), body, headers: request.headers })
      const json = (value, status = 200) => {
        answer.writeHead(status, { 'content-type': 'application/json' })
        answer.end(text(value))
      }
      if (!provider) return json({}, 404)
      const tools = { request, answer, json, body: new URLSearchParams(body) }
      const place = rest.join('/')
      if (place === '.well-known/openid-configuration') return provider.discovery(tools)
      if (place === 'jwks') return provider.jwks(tools)
      if (place === 'token') return provider.token(tools)
      return json({}, 404)
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const base = `https://localhost:${server.address().port}`
  return {
    base,
    asked,
    at(path, keys) {
      const url = `${base}/${path}`
      const provider = {
        url,
        keys,
        metadata: {
          issuer: url, authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token`, jwks_uri: `${url}/jwks`,
          response_types_supported: ['code'], subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256', 'PS256', 'ES256'], code_challenge_methods_supported: ['S256'],
          authorization_response_iss_parameter_supported: true,
        },
        // What the token endpoint answers with next.
        idToken: () => '',
        answerWith: null,
        discovery: ({ json }) => json(provider.metadata),
        jwks: ({ json }) => json({ keys: provider.keys.map((key) => key.jwk ?? key) }),
        token(tools) {
          if (provider.answerWith) return provider.answerWith(tools)
          return tools.json({ access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token: provider.idToken(tools) })
        },
      }
      all.set(path, provider)
      return provider
    },
    stop: () => new Promise((done) => { server.closeAllConnections(); server.close(done) }),
  }
}

// The npm package oidc-provider, a certified OpenID provider, as a council might run it: one login page that takes whoever
// the test says, with the acr and amr that the test says.
import https from 'node:https'
import Provider from 'oidc-provider'
import { publicUrl } from './lib.mjs'

export async function realProvider(tls, keys, { port = 0, secret = 'a secret of forty characters, more or less' } = {}) {
  const server = https.createServer(tls)
  await new Promise((done) => server.listen(port, '127.0.0.1', done))
  const issuer = `https://localhost:${server.address().port}`
  const client = (key, alg, more = {}) => ({
    client_id: `waymark-${key}`, client_secret: secret, redirect_uris: [`${publicUrl}/sign-in/back/${key}`],
    response_types: ['code'], grant_types: ['authorization_code'], id_token_signed_response_alg: alg, ...more,
  })
  const provider = new Provider(issuer, {
    clients: [
      client('council', 'RS256'), client('es', 'ES256'), client('ps', 'PS256'),
      client('post', 'RS256', { token_endpoint_auth_method: 'client_secret_post' }),
      client('public', 'RS256', { token_endpoint_auth_method: 'none', client_secret: undefined }),
      client('basic-only', 'RS256', { client_secret: 'another secret than the one that waymark has' }),
    ],
    jwks: { keys: keys.map((key) => ({ ...key.privateKey.export({ format: 'jwk' }), kid: key.kid, alg: undefined, use: 'sig' })) },
    cookies: { keys: ['for the tests alone'] },
    claims: { openid: ['sub', 'sid', 'acr', 'amr', 'auth_time', 'waymark_practitioner', 'email', 'email_verified'] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.claims }) }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    },
  })
  // Who signs in next, and how.
  const people = { login: { accountId: 'subject-of-wren', acr: 'urn:two', amr: ['pwd', 'otp'] }, claims: {} }
  const handle = provider.callback()
  server.on('request', async (request, answer) => {
    if (!request.url.startsWith('/login/')) return handle(request, answer)
    try {
      await provider.interactionDetails(request, answer)
      const result = people.refuse ? { error: 'access_denied' } : { login: people.login }
      await provider.interactionFinished(request, answer, result, { mergeWithLastSubmission: false })
    } catch (error) {
      answer.writeHead(500)
      answer.end(String(error))
    }
  })
  return { issuer, people, secret, port: server.address().port, stop: () => new Promise((done) => { server.closeAllConnections(); server.close(done) }) }
}

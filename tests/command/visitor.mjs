// Somebody at a browser: an account of the store's own, signed in with a password and a code.
import { createHmac } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import http from 'node:http'
import { expect, program } from './harness.mjs'

export const password = 'seven-lemon-rivers'

// RFC 6238.
function totp(secret, steps = 0) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replaceAll(' ', '')].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const mac = createHmac('sha1', key).update(counter).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

export function browser(server) {
  const jar = {}
  const send = (path, form) => new Promise((done, refuse) => {
    const body = form && new URLSearchParams(form).toString()
    const headers = { cookie: Object.entries(jar).map(([name, value]) => `${name}=${value}`).join('; ') }
    if (body) headers['content-type'] = 'application/x-www-form-urlencoded'
    const request = http.request(new URL(path, server.address), { method: form ? 'POST' : 'GET', headers, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (part) => { text += part })
      answer.on('end', () => {
        for (const line of answer.headers['set-cookie'] ?? []) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
          jar[name] = value
        }
        done({ status: answer.statusCode, location: answer.headers.location, headers: answer.headers, body: text })
      })
    })
    request.on('error', refuse)
    request.end(body)
  })
  const field = (page, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.body)?.[1] ?? ''
  const post = async (path, from, form) => {
    const page = await send(from)
    return send(path, { csrf: field(page, 'csrf'), key: field(page, 'key'), ...form })
  }
  return { send, field, post }
}

const secrets = new Map()
export function account(folder, who) {
  const made = spawnSync('bash', ['-c', `printf '%s\\n' ${password} | ${program} accounts add ${who} --password-fd 0 --json`],
    { cwd: folder, encoding: 'utf8' })
  expect(made.status === 0, made.err ?? made.stderr)
  secrets.set(who, JSON.parse(made.stdout).secret)
}
export async function enter(server, who, steps = 0) {
  const b = browser(server)
  const page = await b.send('/sign-in')
  const first = await b.send('/sign-in', { token: b.field(page, 'token'), next: '/', practitioner: who, name: who, password })
  expect(first.status === 303 || first.status === 200, `password of ${who}: ${first.status}`)
  const second = await b.send('/sign-in/code')
  const done = await b.send('/sign-in/code', { token: b.field(second, 'token'), next: '/', code: totp(secrets.get(who), steps) })
  expect(done.status === 303, `code of ${who}: ${done.status} ${done.body.slice(0, 300)}`)
  return b
}

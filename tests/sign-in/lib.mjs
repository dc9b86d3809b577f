// What every test of sign-in needs: certificates, a served partnership, a browser that is only cookies, and a tally.
import { spawn, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const program = process.env.WAYMARK ?? resolve('build/release/waymark')
export const folder = mkdtempSync(join(tmpdir(), 'waymark-sign-in-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

// ---- the tally ------------------------------------------------------------------------------------------------------

let passed = 0
let failed = 0
export async function test(sentence, body) {
  try {
    await body()
    passed += 1
    console.log(`ok    ${sentence}`)
  } catch (error) {
    failed += 1
    console.log(`FAIL  ${sentence}\n      ${String(error.stack ?? error).split('\n').slice(0, 8).join('\n      ')}`)
  }
}
export function finish() {
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}
export function expect(condition, message) {
  if (!condition) throw new Error(message)
}
export function equal(actual, wanted, what) {
  const [a, w] = [JSON.stringify(actual), JSON.stringify(wanted)]
  expect(a === w, `${what}: expected ${w}, got ${a}`)
}

// ---- certificates ---------------------------------------------------------------------------------------------------

function openssl(...words) {
  const done = spawnSync('openssl', words, { cwd: folder, encoding: 'utf8' })
  expect(done.status === 0, `openssl ${words.join(' ')}: ${done.stderr}`)
}
// A certificate authority of the test's own, and a server's certificate for one host name.
export function authority(name) {
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${name}`,
    '-keyout', `${name}.key`, '-out', `${name}.pem`)
  return {
    file: join(folder, `${name}.pem`),
    pem: readFileSync(join(folder, `${name}.pem`)),
    server(host) {
      const file = `${name}-${host}`
      openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${host}`, '-addext',
        `subjectAltName=DNS:${host}`, '-keyout', `${file}.key`, '-out', `${file}.csr`)
      openssl('x509', '-req', '-in', `${file}.csr`, '-CA', `${name}.pem`, '-CAkey', `${name}.key`, '-CAcreateserial', '-days', '2',
        '-copy_extensions', 'copy', '-out', `${file}.pem`)
      return { key: readFileSync(join(folder, `${file}.key`)), cert: readFileSync(join(folder, `${file}.pem`)) }
    },
  }
}

// ---- a partnership, served ------------------------------------------------------------------------------------------

export const publicUrl = 'https://waymark.test'
const practitioner = (key, name, agency, role) =>
  `[[practitioner]]\nkey = "${key}"\nname = "${name}"\nagency = "${agency}"\nrole = "${role}"\n`
export const profile = (people) => `[partnership]
key = "testing"
name = "Testing Safeguarding Children Partnership"
nation = "england"
calendar = "england-and-wales"
procedures = ["hsb-england"]
require = ["social-care", "police", "health", "education"]
[[agency]]
key = "csc"
name = "Testing Children's Social Care"
type = "social-care"
[[agency]]
key = "school"
name = "Testing School"
type = "education"
${people.map((one) => practitioner(...one)).join('')}`
export const everybody = [
  ['f.door', 'Frances Door', 'csc', 'front-door'],
  ['w.social', 'Wren Social', 'csc', 'social-worker'],
  ['s.lead', 'Sam Lead', 'school', 'school-lead'],
  ['x.admin', 'Xan Admin', 'csc', 'system-admin'],
]

export function waymark(words, input) {
  const done = spawnSync(program, words, { cwd: folder, encoding: 'utf8', input, timeout: 60_000 })
  return { code: done.status, out: done.stdout, err: done.stderr }
}
export function run(words, input) {
  const done = waymark(words, input)
  expect(done.code === 0, `waymark ${words.join(' ')} ended with ${done.code}: ${done.err}${done.out}`)
  return done
}
export function init(db) {
  writeFileSync(join(folder, 'profile.toml'), profile(everybody))
  run(['init', '--profile', 'profile.toml', '--db', db])
}
export async function serve(db, ...more) {
  const child = spawn(program, ['serve', '--db', db, '--listen', '127.0.0.1:0', ...more], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let err = ''
  let out = ''
  child.stderr.on('data', (data) => { err += data })
  const port = await new Promise((done, refuse) => {
    const late = setTimeout(() => refuse(new Error(`the server did not start: ${err}`)), 30_000)
    child.stdout.on('data', (data) => {
      out += data
      const found = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(out)
      if (found) { clearTimeout(late); done(Number(found[1])) }
    })
    child.on('exit', (code) => { clearTimeout(late); refuse(new Error(`the server ended with ${code}: ${err}`)) })
  })
  return {
    port,
    err: () => err,
    stop: () => new Promise((done) => { child.removeAllListeners('exit'); child.once('exit', done); child.kill('SIGTERM') }),
  }
}

// ---- a browser ------------------------------------------------------------------------------------------------------

// One request; follows nothing.
export function ask(url, { method = 'GET', headers = {}, body, ca } = {}) {
  const client = url.startsWith('https:') ? https : http
  return new Promise((done, refuse) => {
    const request = client.request(url, { method, headers, ca, agent: false }, (answer) => {
      const parts = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() }))
    })
    request.on('error', refuse)
    request.setTimeout(30_000, () => request.destroy(new Error(`no answer from ${url}`)))
    if (body !== undefined) request.write(body)
    request.end()
  })
}

// Remembers cookies by host, as a browser does; the public address of Waymark stands for the port where it is served.
export class Browser {
  constructor(server, ca) {
    Object.assign(this, { server, ca, jars: {} })
  }
  jar(url) {
    return (this.jars[new URL(url).host] ??= {})
  }
  async send(url, options = {}) {
    if (url.startsWith('/')) url = publicUrl + url
    const jar = this.jar(url)
    const headers = { ...options.headers, cookie: Object.entries(jar).map(([name, value]) => `${name}=${value}`).join('; ') }
    if (options.form) {
      options = { ...options, method: 'POST', body: new URLSearchParams(options.form).toString() }
      headers['content-type'] = 'application/x-www-form-urlencoded'
    }
    const there = url.startsWith(publicUrl) ? `http://127.0.0.1:${this.server.port}${url.slice(publicUrl.length) || '/'}` : url
    const answer = await ask(there, { ...options, headers, ca: this.ca })
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) delete jar[name]
      else jar[name] = value
    }
    return answer
  }
  // Follows what a browser follows.
  async go(url, most = 12) {
    for (let n = 0; n < most; n += 1) {
      const answer = await this.send(url)
      if (![302, 303].includes(answer.status)) return { ...answer, url }
      url = new URL(answer.headers.location, url.startsWith('/') ? publicUrl + url : url).toString()
    }
    throw new Error(`more than ${most} redirects, the last to ${url}`)
  }
  cookie(name) {
    return this.jar(publicUrl)[name]
  }
  get session() {
    return this.cookie('__Host-waymark')
  }
  async signedIn() {
    return (await this.send('/session')).status === 200
  }
}
export const field = (page, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.body)?.[1] ?? ''

// ---- one-time codes -------------------------------------------------------------------------------------------------

// RFC 6238, written here a second time: what the product computes must be what an app computes.
export function totp(secret, steps = 0, now = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replaceAll(' ', '')].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigInt64BE(BigInt(Math.floor(now / 30_000) + steps))
  const mac = createHmac('sha1', key).update(counter).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

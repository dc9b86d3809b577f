// Runs the built command in a folder of its own and counts what holds.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const program = resolve('build/release/waymark')
export const root = resolve('.')

let passed = 0
let failed = 0

export async function test(sentence, body) {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-command-'))
  try {
    await body(folder)
    passed += 1
    console.log(`ok    ${sentence}`)
  } catch (error) {
    failed += 1
    console.log(`FAIL  ${sentence}\n      ${String(error.stack ?? error).replaceAll('\n', '\n      ')}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function finish() {
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}

export function expect(condition, message) {
  if (!condition) throw new Error(message)
}

export function equal(actual, wanted, what) {
  const a = JSON.stringify(actual)
  const w = JSON.stringify(wanted)
  expect(a === w, `${what}: expected ${w}, got ${a}`)
}

// Runs to the end; gives code, out and err.
export function waymark(folder, ...words) {
  const done = spawnSync(program, words, { cwd: folder, encoding: 'utf8', timeout: 120_000, maxBuffer: 1 << 28 })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

// Runs and demands success.
export function run(folder, ...words) {
  const done = waymark(folder, ...words)
  expect(done.code === 0, `waymark ${words.join(' ')} ended with ${done.code}: ${done.err}${done.out}`)
  return done
}

export const lines = (text) => text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line))

export const profile = `
[partnership]
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
key = "police"
name = "Testing Police"
type = "police"
[[agency]]
key = "school"
name = "Testing School"
type = "education"

[[practitioner]]
key = "f.door"
name = "Frances Door"
agency = "csc"
role = "front-door"
[[practitioner]]
key = "s.lead"
name = "Sam Lead"
agency = "school"
role = "school-lead"
[[practitioner]]
key = "p.officer"
name = "Pat Officer"
agency = "police"
role = "police-officer"
[[practitioner]]
key = "x.admin"
name = "Xan Admin"
agency = "csc"
role = "system-admin"
`

export function init(folder) {
  writeFileSync(join(folder, 'profile.toml'), profile)
  run(folder, 'init', '--profile', 'profile.toml')
}

export function child(number, more = {}) {
  return {
    source: 'test-register',
    id: `C${number}`,
    given_name: `Given${'abcdefghij'[number % 10]}`,
    family_name: `Family${'klmnopqrst'[number % 10]}`,
    date_of_birth: `2012-0${1 + (number % 9)}-1${number % 10}`,
    ...more,
  }
}

export function concern(id, number, at, more = {}) {
  return {
    kind: 'concern.raised',
    at,
    agency: 'school',
    author: 's.lead',
    id,
    subjects: [{ involvement: 'displayed', identity: child(number) }],
    body: { about_what: 'displayed-behaviour', setting: 'school', noticed: 'observed' },
    ...more,
  }
}

export function writeEntries(folder, name, entries) {
  writeFileSync(join(folder, name), entries.map((entry) => JSON.stringify(entry) + '\n').join(''))
}

// A server in the background; gives its address. `stop()` ends it as an operator would.
export async function serve(folder, ...words) {
  const server = spawn(program, ['serve', '--listen', '127.0.0.1:0', ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  server.stderr.on('data', (data) => { err += data })
  const address = await new Promise((done, refuse) => {
    const late = setTimeout(() => refuse(new Error(`the server did not start: ${err}`)), 30_000)
    server.stdout.on('data', (data) => {
      out += data
      const match = /http:\/\/[^\s]+\//.exec(out)
      if (match) { clearTimeout(late); done(match[0]) }
    })
    server.on('exit', (code) => { clearTimeout(late); refuse(new Error(`the server ended with ${code}: ${err}`)) })
  })
  return {
    address,
    pid: server.pid,
    out: () => out,
    err: () => err,
    stop: () => new Promise((done) => { server.removeAllListeners('exit'); server.on('exit', done); server.kill('SIGTERM') }),
    kill: () => new Promise((done) => { server.removeAllListeners('exit'); server.on('exit', done); server.kill('SIGKILL') }),
  }
}

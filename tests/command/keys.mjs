// The keys as an operator works with them: made by init, named, missing, wrong, rotated while serving.
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { concern, equal, expect, init, lines, program, run, serve, test, waymark, writeEntries } from './harness.mjs'

const started = (folder) => {
  init(folder)
  const entries = []
  for (let n = 0; n < 40; n += 1) entries.push(concern(`c${n}`, n, '2026-03-02T09:00:00Z'))
  writeEntries(folder, 'a.jsonl', entries)
  run(folder, 'import', 'entries', 'a.jsonl')
}
const exported = (folder, ...more) => run(folder, 'export', 'entries', ...more).out
const status = (folder, ...more) => lines(run(folder, 'keys', 'status', '--json', ...more).out)[0]
const root_of = (folder) => { run(folder, 'settle'); return lines(run(folder, 'verify', '--json').out)[0].root }

await test('init makes a key for its owner alone, seals everything and says where the key is', (folder) => {
  const said = init(folder)
  const key = join(folder, 'waymark.db.key')
  equal(statSync(key).mode & 0o777, 0o600, 'mode of the key')
  equal(statSync(key).size, 32, 'size of the key')
  if (said && said.out) expect(said.out.includes('waymark.db.key'), `where the key is: ${said.out}`)
  const is = status(folder)
  equal(is.sealed, true, 'sealed')
  equal(is.plain, 0, 'plain pieces')
})

await test('a missing or wrong key ends with 3 and says what to name', (folder) => {
  started(folder)
  const before = exported(folder)
  renameSync(join(folder, 'waymark.db.key'), join(folder, 'elsewhere'))
  const missing = waymark(folder, 'verify')
  equal(missing.code, 3, 'without the key')
  expect(missing.err.includes('--key-file'), missing.err)
  equal(exported(folder, '--key-file', 'elsewhere') === before, true, 'with the key named')
  writeFileSync(join(folder, 'wrong.key'), Buffer.alloc(32, 7), { mode: 0o600 })
  const wrong = waymark(folder, 'verify', '--key-file', 'wrong.key')
  equal(wrong.code, 3, 'with a wrong key')
  expect(/wrong root key/i.test(wrong.err), wrong.err)
  equal(waymark(folder, 'serve', '--listen', '127.0.0.1:0', '--key-file', 'wrong.key').code, 3, 'a server with a wrong key')
  chmodSync(join(folder, 'elsewhere'), 0o644)
  const seen = waymark(folder, 'verify', '--key-file', 'elsewhere')
  equal(seen.code, 3, 'a key that others may read')
  expect(seen.err.includes('chmod 600'), seen.err)
})

await test('every level is rotated while serving; the record and its proof stay', async (folder) => {
  started(folder)
  const before = exported(folder)
  const proof = root_of(folder)
  const server = await serve(folder)
  try {
    expect(lines(run(folder, 'keys', 'rotate', 'partnership', '--json').out)[0].renewed > 80, 'renewed')
    expect(lines(run(folder, 'keys', 'rotate', 'records', '--json').out)[0].renewed > 80, 'renewed')
    const was = status(folder)
    run(folder, 'keys', 'rotate', 'root')
    const is = status(folder)
    expect(is.root_id !== was.root_id, 'the root is the same')
    expect(existsSync(join(folder, `waymark.db.${was.root_id}.key`)), 'the former key is kept')
    equal(is.generations.filter((one) => one.kept > 0).length, 1, 'generations in use')
    equal(exported(folder) === before, true, 'the record over the socket')
  } finally {
    await server.stop()
  }
  equal(exported(folder) === before, true, 'the record')
  equal(root_of(folder), proof, 'the root of the log')
  rmSync(join(folder, 'waymark.db.key'))
  equal(waymark(folder, 'verify').code, 3, 'under the former key')
})

await test('a root key becomes a passphrase, and a file again', (folder) => {
  started(folder)
  const before = exported(folder)
  writeFileSync(join(folder, 'words'), 'four words for northbay\n', { mode: 0o600 })
  writeFileSync(join(folder, 'others'), 'five words for northbay\n', { mode: 0o600 })
  run(folder, 'keys', 'rotate', 'root', '--new-passphrase-file', 'words')
  equal(waymark(folder, 'verify', '--passphrase-file', 'others').code, 3, 'another passphrase')
  equal(exported(folder, '--passphrase-file', 'words') === before, true, 'the passphrase')
  run(folder, 'keys', 'rotate', 'root', '--passphrase-file', 'words', '--new-key-file', 'new.key')
  equal(exported(folder, '--key-file', 'new.key') === before, true, 'the file')
})

await test('a rotation that is killed goes on where it stood, and the store opens whatever name its key file has', async (folder) => {
  started(folder)
  const before = exported(folder)
  let cut = 0
  for (let round = 0; round < 12; round += 1) {
    const words = round % 3 === 0 ? ['root'] : round % 3 === 1 ? ['partnership'] : ['records']
    const child = spawn(program, ['keys', 'rotate', ...words], { cwd: folder, stdio: 'ignore' })
    const closed = new Promise((done) => child.once('close', (code, signal) => { if (signal) cut += 1; done() }))
    await new Promise((done) => setTimeout(done, 15 + 9 * round))
    child.kill('SIGKILL')
    await closed
    equal(exported(folder) === before, true, `after kill ${round}`)
  }
  run(folder, 'keys', 'rotate', 'root')
  run(folder, 'keys', 'rotate', 'partnership')
  equal(status(folder).unfinished, false, 'unfinished')
  equal(exported(folder) === before, true, 'the record')
  equal(waymark(folder, 'verify').code, 0, 'verify')
  expect(existsSync(join(folder, 'waymark.db.key')), 'the usual key file')
  expect(!existsSync(join(folder, 'waymark.db.key.new')), 'a key file was left lying')
})

await test('former keys are destroyed when they are old enough', (folder) => {
  started(folder)
  const before = exported(folder)
  run(folder, 'keys', 'rotate', 'partnership')
  equal(lines(run(folder, 'keys', 'destroy', '--json').out)[0].destroyed, 0, 'destroyed at once')
  equal(lines(run(folder, 'keys', 'destroy', '--hours', '0', '--json').out)[0].destroyed, 1, 'destroyed')
  equal(status(folder).generations.length, 1, 'generations')
  equal(exported(folder) === before, true, 'the record')
})

await test('the file holds no name, number or word of a child', (folder) => {
  started(folder)
  run(folder, 'backup', 'copy.db')
  for (const file of ['waymark.db', 'copy.db']) {
    const bytes = readFileSync(join(folder, file)).toString('latin1')
    for (const line of lines(exported(folder))) {
      for (const subject of line.subjects ?? []) {
        for (const [name, value] of Object.entries(subject.identity ?? {})) {
          if (['agency', 'source', 'sex', 'date_of_birth'].includes(name) || typeof value !== 'string' || value.length < 5) continue
          expect(!bytes.includes(value), `${name} stands in ${file}`)
        }
      }
    }
  }
})

// What a thief of the host's files, logs or core dump reads: unique words and the keys are looked for wherever a server and
// the commands beside it leave anything. That the search finds what is there is shown each time.
import { createDecipheriv } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { concern, equal, expect, lines, profile, run, serve, test, waymark, writeEntries } from './harness.mjs'
import { account, enter } from './visitor.mjs'

const words = ['Qzgivenname', 'Qzfamilyname', 'Qzaddressline', 'ZQ19 7QZ', '9434765919', 'QzSystemId55', 'qzsummary', 'qzentryid']
const told = concern('qzentryid-1', 1, '2026-03-02T09:00:00Z', {
  subjects: [{
    involvement: 'displayed',
    identity: {
      source: 'liquid', id: 'QzSystemId55', given_name: 'Qzgivenname', family_name: 'Qzfamilyname', date_of_birth: '2014-06-01',
      address: '3 Qzaddressline Road', postcode: 'ZQ19 7QZ', nhs_number: '9434765919',
    },
  }],
  body: { about_what: 'displayed-behaviour', setting: 'school', noticed: 'observed', summary: 'qzsummary, by code.' },
})

// Of a child whose address is protected: the address is nowhere, not where everything else of the child may be.
const secret = ['Qzprotectedline', 'ZQ29 8QZ', 'ZQ39 9QZ', 'qzlivesnow']
const kept_safe = concern('qzsafe-1', 2, '2026-03-02T09:00:00Z', {
  subjects: [{
    involvement: 'displayed',
    identity: {
      source: 'liquid', id: 'QzSafe56', given_name: 'Ottilie', family_name: 'Qzsafename', date_of_birth: '2013-05-01',
      address: '5 Qzprotectedline Row', postcode: 'ZQ29 8QZ', 'Former postcode': 'ZQ39 9QZ', address_protected: true,
    },
  }],
})
const moved = {
  ...kept_safe, kind: 'circumstance.changed', id: 'qzsafe-2', at: '2026-03-03T09:00:00Z',
  body: { type: 'placement', text: 'A new placement.', address: 'qzlivesnow, by the water' },
}

const found_in = (text, of = words) => {
  const there = text.toLowerCase()
  return of.filter((word) => there.includes(word.toLowerCase()) || there.includes(Buffer.from(word).toString('hex')) ||
    there.includes(encodeURIComponent(word).toLowerCase()))
}

// By steps of its own: Node 18's recursive listing takes a socket for a folder.
function files_under(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
    const path = join(folder, one.name)
    return one.isDirectory() ? files_under(path) : one.isFile() ? [path] : []
  })
}

// ---- the keys ---------------------------------------------------------------------------------------------------------

function hchacha20(key, input) {
  const s = new Uint32Array(16)
  s.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574])
  for (let i = 0; i < 8; i += 1) s[4 + i] = key.readUInt32LE(4 * i)
  for (let i = 0; i < 4; i += 1) s[12 + i] = input.readUInt32LE(4 * i)
  const left = (at, by) => { s[at] = (s[at] << by) | (s[at] >>> (32 - by)) }
  const quarter = (a, b, c, d) => {
    for (const [by, then] of [[16, 12], [8, 7]]) {
      s[a] += s[b]; s[d] ^= s[a]; left(d, by)
      s[c] += s[d]; s[b] ^= s[c]; left(b, then)
    }
  }
  for (let round = 0; round < 10; round += 1) {
    quarter(0, 4, 8, 12); quarter(1, 5, 9, 13); quarter(2, 6, 10, 14); quarter(3, 7, 11, 15)
    quarter(0, 5, 10, 15); quarter(1, 6, 11, 12); quarter(2, 7, 8, 13); quarter(3, 4, 9, 14)
  }
  const out = Buffer.alloc(32);
  [0, 1, 2, 3, 12, 13, 14, 15].forEach((from, i) => out.writeUInt32LE(s[from], 4 * i))
  return out
}

// docs/formats/sealed.md: the ring as it lies in the store, opened under the root. The partnership's keys.
function keys_of(files, root) {
  for (const file of files) {
    const bytes = readFileSync(file)
    for (let at = bytes.indexOf('WMKR\x01'); at >= 0; at = bytes.indexOf('WMKR\x01', at + 1)) {
      const front = 7 + bytes.readUInt16BE(at + 5)
      const nonce = bytes.subarray(at + front, at + front + 24)
      for (let generations = 1; generations <= 4; generations += 1) {
        const size = 8 + 52 * generations + 32
        const sealed = bytes.subarray(at + front + 24, at + front + 24 + size + 16)
        if (sealed.length < size + 16) continue
        const inner = createDecipheriv('chacha20-poly1305', hchacha20(root, nonce.subarray(0, 16)),
          Buffer.concat([Buffer.alloc(4), nonce.subarray(16)]), { authTagLength: 16 })
        inner.setAAD(Buffer.concat([bytes.subarray(at, at + front), Buffer.from([0, 1])]), { plaintextLength: size })
        inner.setAuthTag(sealed.subarray(size))
        try {
          const plain = Buffer.concat([inner.update(sealed.subarray(0, size)), inner.final()])
          const keys = [plain.subarray(size - 32)]
          for (let n = 0; n < generations; n += 1) keys.push(plain.subarray(8 + 52 * n + 20, 8 + 52 * n + 52))
          return keys
        } catch { /* another length, or an older ring */ }
      }
    }
  }
  throw new Error('the ring was not found in the store')
}

// Of the memory that a core dump of this process would hold, or of all of it, which of these stand in it.
function in_memory(pid, secrets, all) {
  const found = new Set()
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  const step = 1 << 22
  const overlap = 64
  const part = Buffer.alloc(step + overlap)
  let range = null
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'latin1').split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (r?)/.exec(line)
    if (head) range = { from: Number.parseInt(head[1], 16), to: Number.parseInt(head[2], 16), readable: head[3] === 'r' }
    if (!line.startsWith('VmFlags:') || !range?.readable || / (io|pf)\b/.test(line)) continue
    if (!all && / dd\b/.test(line)) continue
    for (let at = range.from; at < range.to; at += step) {
      let got = 0
      try { got = readSync(memory, part, 0, Math.min(part.length, range.to - at), at) } catch { continue }
      const bytes = part.subarray(0, got)
      secrets.forEach((secret, i) => { if (bytes.includes(secret)) found.add(i) })
    }
  }
  closeSync(memory)
  return [...found]
}

// ---- what is left lying -------------------------------------------------------------------------------------------------

await test('a server and the commands beside it leave no word of a child in files, logs, titles, addresses or headers, and no key in a core dump', async (folder) => {
  const temporary = join(folder, 'temporary')
  mkdirSync(temporary)
  const before = process.env.TMPDIR
  process.env.TMPDIR = temporary
  let said = ''
  let server
  try {
    writeFileSync(join(folder, 'profile.toml'), profile)
    run(folder, 'init', '--profile', 'profile.toml')
    account(folder, 'f.door')
    server = await serve(folder)
    const commands = join(folder, 'commands')
    mkdirSync(commands)
    writeEntries(commands, 'in.jsonl', [told])
    equal(found_in(readFileSync(join(commands, 'in.jsonl'), 'latin1')), words, 'words that the search finds where they are')
    said += run(folder, 'import', 'entries', 'commands/in.jsonl').err
    const out = run(folder, 'export', 'entries')
    equal(found_in(out.out), words, 'words in an export')
    said += out.err
    said += run(folder, 'export', 'csv', '--out', 'commands/out.csv').err
    said += run(folder, 'backup', 'copy.db').err
    const found = lines(run(folder, 'people', 'search', '--given', 'Qzgivenname', '--family', 'Qzfamilyname', '--dob', '2014-06-01', '--json').out)
    const person = JSON.stringify(found).match(/[0-9a-f]{8}-[0-9a-f-]{27}/)[0]

    const front = await enter(server, 'f.door')
    let shown = 0
    for (const path of ['/', `/children/${person}`, `/children/${person}/print`, '/inbox', '/metrics', '/no-such-page', '/search?q=Qz']) {
      const page = await front.send(path)
      if (found_in(page.body).includes('Qzgivenname')) shown += 1
      const title = /<title>([^<]*)/.exec(page.body)?.[1] ?? ''
      equal(found_in(`${title}\n${JSON.stringify(page.headers)}\n${page.location ?? ''}`), [], `title, headers or address of ${path}`)
      for (const link of page.body.matchAll(/ (?:href|action|src)="([^"]*)"/g)) equal(found_in(link[1]), [], `an address on ${path}`)
      if (path === '/metrics') equal(found_in(page.body), [], 'measures')
    }
    expect(shown >= 2, `pages that tell of the child: ${shown}`)

    const root = readFileSync(join(folder, 'waymark.db.key'))
    const store = files_under(folder).filter((file) => /waymark\.db(-wal)?$/.test(file) || file.endsWith('copy.db'))
    const keys = [root, ...keys_of(store, root)]
    equal(keys.length >= 3, true, 'keys')
    equal(in_memory(server.pid, keys, true).length, keys.length, 'keys that are in use are found')
    equal(in_memory(server.pid, [Buffer.from('waymark.db')], false), [0], 'what a core dump would hold is found')
    equal(in_memory(server.pid, keys, false), [], 'keys that a core dump would hold')
  } finally {
    process.env.TMPDIR = before
    if (before === undefined) delete process.env.TMPDIR
    if (server) { await server.stop(); said += server.err() + server.out() }
  }
  equal(found_in(said), [], 'words in what the server and the commands said')
  for (const file of files_under(folder)) {
    if (file.includes('/commands/')) continue
    equal(found_in(readFileSync(file, 'latin1')), [], `words in ${file.slice(folder.length)}`)
  }
})

await test('a protected address is on no page, in no list, message, search or file but where one person asks for it with a reason', async (folder) => {
  writeFileSync(join(folder, 'profile.toml'), profile)
  run(folder, 'init', '--profile', 'profile.toml')
  account(folder, 'f.door')
  const server = await serve(folder)
  let said = ''
  const nowhere = (text, where) => equal(found_in(text, secret), [], `a protected address in ${where}`)
  try {
    const mine = [kept_safe, moved].map((one) => ({ ...one, agency: 'csc', author: 'f.door' }))
    writeEntries(folder, 'in.jsonl', mine)
    equal(found_in(readFileSync(join(folder, 'in.jsonl'), 'latin1'), secret), secret, 'addresses that the search finds')
    said += run(folder, 'import', 'entries', 'in.jsonl').err
    // Sent again, sent with a fault, and taken out.
    const again = run(folder, 'import', 'entries', 'in.jsonl')
    nowhere(again.out + again.err, 'an import that is repeated')
    writeEntries(folder, 'wrong.jsonl', mine.map((one) => ({ ...one, id: `${one.id}x`, at: '2099-01-01T00:00:00Z' })))
    const wrong = waymark(folder, 'import', 'entries', 'wrong.jsonl')
    expect(wrong.code !== 0, 'a line of the future was taken')
    nowhere(wrong.out + wrong.err, 'the refusal of a line')
    for (const format of ['entries', 'csv']) {
      const out = run(folder, 'export', format)
      nowhere(out.out + out.err, `an export of ${format}`)
    }
    const found = run(folder, 'people', 'search', '--family', 'Qzsafename', '--dob', '2013-05-01', '--json')
    nowhere(found.out + found.err, 'a search by name')
    const person = found.out.match(/[0-9a-f]{8}-[0-9a-f-]{27}/)[0]
    for (const words of [['chronology', person, '--json'], ['chronology', person], ['looked', person], ['standing', '--json'],
      ['people', 'search', '--postcode', 'ZQ29 8QZ', '--family', 'Qzsafename', '--json']]) {
      const done = waymark(folder, ...words)
      nowhere(done.out + done.err.replaceAll('ZQ29 8QZ', ''), words.join(' '))
    }

    const front = await enter(server, 'f.door')
    const child = `/children/${person}`
    const home = await front.send(child)
    expect(home.body.includes('Address withheld'), 'the record does not say that an address is withheld')
    const entry = home.body.match(/\/entries\/([0-9a-f-]{36})/)[1]
    for (const path of ['/', child, `${child}/print`, `${child}/standing`, `${child}/matches`, `${child}/address`, `${child}/looked`,
      `${child}/add/circumstance.changed`, `${child}/add/circumstance.changed?corrects=${entry}`, `/entries/${entry}`, '/children',
      '/inbox', '/health/readiness', '/no-such-page', `${child}/no-such-page`]) {
      const page = await front.send(path)
      nowhere(`${page.body}\n${JSON.stringify(page.headers)}\n${page.location ?? ''}`, path)
    }
    for (const form of [{}, { reason: '' }, { address: 'no-such', reason: 'A visit today.' }, { reason: 'A visit today.' }]) {
      const page = await front.post(`${child}/address`, child, form)
      nowhere(page.body, `the answer to ${JSON.stringify(form)}`)
    }
    // The way out: one address, to whoever asks and says why, and the line that says so.
    const asked = await front.send(`${child}/address`)
    const choices = [...asked.body.matchAll(/name="address"[^>]*value="([0-9a-f-]{36})"/g)].map((one) => one[1])
    equal(choices.length, 2, 'addresses to choose from')
    const shown = []
    for (const address of choices) {
      const page = await front.post(`${child}/address`, `${child}/address`, { address, reason: 'A visit today.' })
      equal(page.status, 200, 'status')
      expect(/no-store/.test(JSON.stringify(page.headers)), 'the answer may be kept')
      const title = /<title>([^<]*)/.exec(page.body)[1]
      nowhere(`${title}\n${JSON.stringify(page.headers)}`, 'title or headers')
      shown.push(...found_in(page.body, secret))
    }
    equal([...new Set(shown)].sort(), [...secret].sort(), 'what is shown on asking')
    const log = run(folder, 'looked', person, '--json').out
    expect(log.includes('reveal-address') && log.includes('protected_address') && log.includes('A visit today.'), 'the log does not tell')
    nowhere(log, 'who has looked')
  } finally {
    await server.stop()
    said += server.err() + server.out()
  }
  nowhere(said, 'what the server and the commands said')
  for (const file of files_under(folder)) {
    if (!/(in|wrong)\.jsonl$/.test(file)) nowhere(readFileSync(file, 'latin1'), file.slice(folder.length))
  }
})

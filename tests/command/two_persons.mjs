// What the operator may do only with two practitioners behind it, through the command, the server and the page.
import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { concern, equal, expect, lines, profile, program, run, serve, test, waymark, writeEntries } from './harness.mjs'
import { account, browser, enter, password } from './visitor.mjs'

const more = `
[[practitioner]]
key = "y.admin"
name = "Yaz Admin"
agency = "csc"
role = "system-admin"
[[practitioner]]
key = "d.privacy"
name = "Dara Privacy"
agency = "csc"
role = "privacy-officer"
[[practitioner]]
key = "m.one"
name = "Mo One"
agency = "csc"
role = "social-care-manager"
[[practitioner]]
key = "m.two"
name = "Mia Two"
agency = "csc"
role = "social-care-manager"
`
function start(folder) {
  writeFileSync(join(folder, 'profile.toml'), profile + more)
  run(folder, 'init', '--profile', 'profile.toml')
  writeEntries(folder, 'a.jsonl', [concern('c1', 1, '2026-03-02T09:00:00Z')])
  run(folder, 'import', 'entries', 'a.jsonl')
}
const id_after = (page, words, from = 0) => new RegExp(`${words}([0-9a-f-]{36})`).exec(page.body.slice(from))?.[1]

await test('an export, an adoption and a change of keys wait for two practitioners, who agree on the page, and are done once', async (folder) => {
  start(folder)
  const first = run(folder, 'export', 'entries')
  expect(first.err.includes('no second person'), `being set up is not said: ${first.err}`)
  for (const who of ['x.admin', 'd.privacy', 'f.door']) account(folder, who)
  expect(waymark(folder, 'keys', 'rotate', 'partnership').code === 0, 'nobody has signed in yet')
  const server = await serve(folder)
  try {
    const admin = await enter(server, 'x.admin')
    expect(waymark(folder, 'export', 'entries').code === 0, 'one alone has signed in')
    const privacy = await enter(server, 'd.privacy')
    // Asked for on the page by one, agreed to by another.
    for (const [act, ...words] of [['export', 'export', 'entries', '--basis', 'public-task'], ['keys rotate partnership', 'keys', 'rotate', 'partnership']]) {
      equal((await admin.post('/approvals', '/approvals', { act, why: 'A yearly copy' })).status, 303, 'asked for')
      const early = waymark(folder, ...words)
      equal([early.code, early.out], [1, ''], `${act} before two agreed`)
      expect(/two-persons: .+Xan Admin.+Waiting for a second person/.test(early.err), early.err)
      const own = await admin.send('/approvals')
      const asked = id_after(own, 'action="/approvals/')
      equal((await admin.post(`/approvals/${asked}`, '/approvals', { agree: 'yes' })).status === 303, false, 'the same person twice')
      equal(waymark(folder, ...words).code, 1, 'still one alone')
      equal((await privacy.post(`/approvals/${asked}`, '/approvals', { agree: 'yes' })).status, 303, 'agreed')
      if (act === 'export') {
        const without = waymark(folder, 'export', 'entries')
        expect(without.code !== 0 && without.out === '' && without.err.includes('--basis'), `exported on no basis: ${without.err}`)
        expect(waymark(folder, 'export', 'entries', '--basis', 'because').err.includes('public-task'), 'the bases are not named')
      }
      // Two at once: one of them has the leave.
      const both = await Promise.all([0, 1].map(() => new Promise((done) => {
        const child = spawn(program, words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
        let err = ''
        child.stderr.on('data', (part) => { err += part })
        child.on('close', (code) => done({ code, err }))
      })))
      // A rotation that another command has begun is gone on with, which takes no leave.
      if (act === 'export') equal(both.map((one) => one.code).sort(), [0, 1], `${act} by two commands: ${both.map((one) => one.err)}`)
      equal(both.filter((one) => one.err.includes('Xan Admin and Dara Privacy agreed')).length, 1, 'leaves that were used')
      equal(waymark(folder, ...words).code, 1, 'used up')
    }
    // Put on the page by the command, agreed to by two.
    writeFileSync(join(folder, 'profile.toml'), (profile + more).replace('Testing Safeguarding', 'Trying Safeguarding'))
    const adopt = () => waymark(folder, 'adopt', '--profile', 'profile.toml')
    equal(adopt().code, 1, 'adopted without leave')
    const page = await admin.send('/approvals')
    const at = page.body.indexOf('Take into force')
    expect(at > 0 && page.body.includes('profile testing'), 'what is to be adopted is not on the page')
    const asked = id_after(page, 'action="/approvals/', at)
    equal((await admin.post(`/approvals/${asked}`, '/approvals', { agree: 'yes' })).status, 422, 'the first says why')
    equal((await admin.post(`/approvals/${asked}`, '/approvals', { agree: 'yes', reason: 'A new name' })).status, 303, 'the first')
    equal(adopt().code, 1, 'adopted with one')
    equal((await privacy.post(`/approvals/${asked}`, '/approvals', { agree: 'yes' })).status, 303, 'the second')
    equal(adopt().code, 0, 'adopted with two')
    equal(adopt().err.includes('two-persons'), false, 'nothing is left to adopt')
    // Somebody without the role sees none of it.
    const front = await enter(server, 'f.door')
    const theirs = await front.send('/approvals')
    expect(!theirs.body.includes('Ask for an act of the operator') && !theirs.body.includes('waymark export'), 'the front door is asked')
    expect((await front.post('/approvals', '/', { act: 'export', why: 'Mine' })).status !== 303, 'the front door asks')
  } finally {
    await server.stop()
  }
})

await test('a leave of somebody whose access was closed since is none', async (folder) => {
  start(folder)
  for (const who of ['x.admin', 'd.privacy']) account(folder, who)
  const server = await serve(folder)
  try {
    const admin = await enter(server, 'x.admin')
    const privacy = await enter(server, 'd.privacy')
    await admin.post('/approvals', '/approvals', { act: 'export', why: 'A copy' })
    const asked = id_after(await privacy.send('/approvals'), 'action="/approvals/')
    equal((await privacy.post(`/approvals/${asked}`, '/approvals', { agree: 'yes' })).status, 303, 'agreed')
    run(folder, 'accounts', 'close', 'd.privacy')
    equal(waymark(folder, 'export', 'entries').code, 1, 'exported')
  } finally {
    await server.stop()
  }
})

await test('who has signed in before is let in again by two practitioners and a code that is good within the hour', async (folder) => {
  start(folder)
  for (const who of ['x.admin', 'd.privacy', 'f.door']) account(folder, who)
  expect(waymark(folder, 'accounts', 'add', 'p.officer', '--starting-code').code === 0, 'a newcomer')
  const server = await serve(folder)
  try {
    const admin = await enter(server, 'x.admin')
    const privacy = await enter(server, 'd.privacy')
    const front = await enter(server, 'f.door')
    const reset = () => waymark(folder, 'accounts', 'reset', 'f.door', '--starting-code', '--json')
    for (const words of [['reset', 'f.door', '--starting-code'], ['reset', 'd.privacy', '--starting-code'], ['add', 'y.admin', '--starting-code']]) {
      const alone = waymark(folder, 'accounts', ...words)
      equal(alone.code, 1, `accounts ${words.join(' ')} by the operator alone: ${alone.err}${alone.out}`)
      expect(alone.err.includes('two-persons'), alone.err)
    }
    equal((await front.send('/')).status, 200, 'the session stands until two agreed')
    equal(waymark(folder, 'accounts', 'add', 's.lead', '--starting-code').code, 0, 'somebody new')
    // Nobody agrees about their own sign-in.
    const list = await privacy.send('/approvals')
    const own = id_after(list, 'action="/approvals/', list.body.indexOf('Let “d.privacy” begin'))
    expect((await privacy.post(`/approvals/${own}`, '/approvals', { agree: 'yes', reason: 'Mine' })).status !== 303, 'their own')
    const asked = id_after(list, 'action="/approvals/', list.body.indexOf('Let “f.door” begin'))
    equal((await admin.post(`/approvals/${asked}`, '/approvals', { agree: 'yes', reason: 'They came by with a pass' })).status, 303, 'the first')
    equal((await privacy.post(`/approvals/${asked}`, '/approvals', { agree: 'yes' })).status, 303, 'the second')
    const made = reset()
    equal(made.code, 0, `two agreed: ${made.err}`)
    expect((await front.send('/')).status !== 200, 'the old session stands')
    equal(reset().code, 1, 'used up')
    // The old password and app do nothing; the code leads to a new password and a new app.
    const again = browser(server)
    let page = await again.send('/sign-in')
    expect((await again.send('/sign-in', { token: again.field(page, 'token'), next: '/', name: 'f.door', password })).status !== 303, 'the old password')
    page = await again.send('/sign-in')
    const begun = await again.send('/sign-in', { token: again.field(page, 'token'), next: '/', name: 'f.door', password: JSON.parse(made.out).starting_code })
    equal([begun.status, begun.location.split('?')[0]], [303, '/sign-in/begin'], 'the code')
    expect((await again.send('/sign-in/begin')).body.includes('Set up an authenticator app'), 'no app is asked for')
    // Those who oversee are told.
    expect((await privacy.send('/')).body.includes('Let in again'), 'the privacy officer is not told')
  } finally {
    await server.stop()
  }
})

await test('back-ups wait for two practitioners once, and are then written as often as a timer asks', async (folder) => {
  start(folder)
  for (const who of ['x.admin', 'd.privacy']) account(folder, who)
  equal(waymark(folder, 'backup', 'first.db').code, 0, 'while it is set up')
  expect(waymark(folder, 'backup', 'b.db', '--as', 'm.one').code !== 0, 'by a manager')
  const server = await serve(folder)
  try {
    const admin = await enter(server, 'x.admin')
    const privacy = await enter(server, 'd.privacy')
    const alone = waymark(folder, 'backup', 'alone.db')
    equal(alone.code, 1, 'by one')
    expect(alone.err.includes('two-persons') && !existsSync(join(folder, 'alone.db')), alone.err)
    const asked = id_after(await admin.send('/approvals'), 'action="/approvals/')
    equal((await admin.post(`/approvals/${asked}`, '/approvals', { agree: 'yes', reason: 'Every night' })).status, 303, 'the first')
    equal(waymark(folder, 'backup', 'alone.db').code, 1, 'with one')
    equal((await privacy.post(`/approvals/${asked}`, '/approvals', { agree: 'yes' })).status, 303, 'the second')
    for (const name of ['one.db', 'two.db']) {
      const done = waymark(folder, 'backup', name)
      equal(done.code, 0, `${name}: ${done.err}`)
      expect(done.err.includes('Xan Admin and Dara Privacy agreed'), done.err)
    }
    run(folder, 'accounts', 'close', 'd.privacy')
    equal(waymark(folder, 'backup', 'three.db').code, 1, 'one of the two has left')
  } finally {
    await server.stop()
  }
})

await test('a manager restricts a record by a command, and it is lifted when another agrees in the web application', async (folder) => {
  start(folder)
  account(folder, 'm.two')
  const first = lines(run(folder, 'export', 'entries').out).find((one) => one.kind === 'concern.raised')
  const child = `${first.agency}/${first.subjects[0].identity.source}/${first.subjects[0].identity.id}`
  const act = (...words) => waymark(folder, 'restrict', child, ...words)
  expect(act('--level', 'named-only', '--name', 'm.two', '--reason', 'A relative').err.includes('--as'), 'by nobody')
  expect(act('--level', 'named-only', '--name', 'm.two', '--reason', 'A relative', '--as', 'f.door').code === 1, 'by the front door')
  expect(act('--level', 'named-only', '--reason', 'A relative', '--as', 'm.one').code === 2, 'nobody is named')
  expect(act('--level', 'named-only', '--name', 'm.two', '--as', 'm.one').code === 2, 'no reason')
  expect(act('--level', 'secret', '--name', 'm.two', '--reason', 'A relative', '--as', 'm.one').code !== 0, 'no such level')
  expect(act('--level', 'named-only', '--name', 'nobody', '--reason', 'A relative', '--as', 'm.one').err.includes('nobody'), 'a stranger')
  const set = act('--level', 'named-only', '--name', 'm.one', '--name', 'Mia Two', '--reason', 'A relative', '--as', 'm.one', '--json')
  equal(set.code, 0, set.err)
  const id = JSON.parse(set.out).restriction
  expect(waymark(folder, 'chronology', child, '--as', 'f.door').code !== 0, 'it opens to the front door')
  const listed = JSON.parse(act('--as', 'm.two', '--json').out)
  equal([listed.restriction, listed.level, listed.reason, listed.by], [id, 'named-only', 'A relative', 'Mo One'], 'listed')
  equal(act('--keep', id, '--reason', 'Looked at', '--as', 'm.one').code, 0, 'kept')
  expect(act('--lift', '00000000-0000-4000-8000-000000000000', '--reason', 'x', '--as', 'm.one').code !== 0, 'another restriction')
  const asked = act('--lift', id, '--reason', 'They have left', '--as', 'm.one', '--json')
  equal([asked.code, JSON.parse(asked.out).waiting], [0, 'second-person'], asked.err)
  expect(waymark(folder, 'chronology', child, '--as', 'f.door').code !== 0, 'lifted by one')
  const server = await serve(folder)
  try {
    const second = await enter(server, 'm.two')
    const request = id_after(await second.send('/approvals'), 'action="/approvals/')
    equal((await second.post(`/approvals/${request}`, '/approvals', { agree: 'yes' })).status, 303, 'agreed')
  } finally {
    await server.stop()
  }
  equal(waymark(folder, 'chronology', child, '--as', 'f.door').code, 0, 'lifted by two')
  equal(act('--as', 'm.one').out, 'nothing restricts this record\n', 'none left')
})

await test('an export leaves protected addresses out and says so, and has them where it is asked for that', (folder) => {
  start(folder)
  const hidden = concern('c2', 2, '2026-03-03T09:00:00Z')
  Object.assign(hidden.subjects[0].identity, { address: '9 Quillon Wharf', postcode: 'NB9 9QW', 'Former Postcode': 'NB8 8QW', address_protected: true })
  const open = concern('c3', 3, '2026-03-03T09:00:00Z')
  Object.assign(open.subjects[0].identity, { address: '4 Harbour Lane', postcode: 'NB1 1AA' })
  writeEntries(folder, 'b.jsonl', [hidden, open])
  run(folder, 'import', 'entries', 'b.jsonl')
  for (const words of [['export', 'entries'], ['export', 'csv'], ['people', 'search', '--family', 'Familym', '--json']]) {
    const done = run(folder, ...words)
    expect(!/Quillon|9QW|8QW/.test(done.out + done.err), `${words.join(' ')} tells a protected address`)
  }
  const without = run(folder, 'export', 'entries')
  expect(without.out.includes('4 Harbour Lane') && without.err.includes('1 protected addresses were left out'), without.err)
  const all = run(folder, 'export', 'entries', '--protected-addresses')
  expect(all.out.includes('9 Quillon Wharf') && all.out.includes('NB9 9QW') && all.out.includes('NB8 8QW'), 'it is not there')
  run(folder, 'rebuild')
  equal(run(folder, 'export', 'entries', '--protected-addresses').out, all.out, 'kept')
  equal(waymark(folder, 'verify').code, 0, 'verify')
})

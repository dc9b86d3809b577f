// The command as an operator and an outside program use it: names, exit codes and JSON of the outside contract.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { child, concern, equal, expect, finish, init, lines, program, root, run, serve, test, waymark, writeEntries } from './harness.mjs'

const samples = join(root, 'content/samples')

// ---- help and usage ---------------------------------------------------------------------------------------------------

await test('every command explains itself with an example', (folder) => {
  const commands = [['init'], ['adopt'], ['demo'], ['serve'], ['import'], ['people', 'search'], ['people', 'dedupe'],
    ['people', 'link'], ['people', 'explain'], ['people', 'part'], ['people', 'parted'], ['people', 'assign'],
    ['accounts', 'add'], ['accounts', 'reset'], ['accounts', 'close'], ['accounts', 'open'], ['accounts', 'list'],
    ['chronology'], ['standing'], ['meetings'], ['export'], ['restrict'],
    ['verify'], ['backup'], ['restore'], ['keys', 'status'], ['keys', 'seal'], ['keys', 'destroy'],
    ['keys', 'rotate', 'root'], ['keys', 'rotate', 'partnership'], ['keys', 'rotate', 'records'], ['procedure', 'check'], ['procedure', 'explain'], ['procedure', 'replay']]
  for (const words of commands) {
    const help = run(folder, ...words, '--help').out
    expect(help.includes('Example:') && help.includes(`waymark ${words.join(' ')}`), `${words.join(' ')} has no example:\n${help}`)
  }
})

await test('what two practitioners agree to says so in its help', (folder) => {
  for (const words of [['export'], ['adopt'], ['backup'], ['keys'], ['keys', 'seal'], ['keys', 'destroy'], ['keys', 'rotate', 'root'],
    ['keys', 'rotate', 'partnership'], ['keys', 'rotate', 'records'], ['accounts'], ['accounts', 'add'], ['accounts', 'reset'],
    ['accounts', 'open']]) {
    const help = run(folder, ...words, '--help').out.replace(/\s+/g, ' ')
    expect(/two practitioners/.test(help) && help.includes('Waiting for a second person'), `${words.join(' ')} does not say it:\n${help}`)
  }
  expect(/second person/.test(run(folder, 'restrict', '--help').out), 'restrict does not say it')
})

await test('wrong usage ends with 2 and says what is wrong', (folder) => {
  for (const words of [[], ['dance'], ['import'], ['import', 'entries'], ['people', 'search', '--limit', '0'], ['serve', '--listen']]) {
    const done = waymark(folder, ...words)
    equal(done.code, 2, `waymark ${words.join(' ')}`)
    expect((done.err + done.out).length > 10, 'nothing was said')
  }
})

await test('a store that is not there is refused with the mend', (folder) => {
  const done = waymark(folder, 'standing', '--json')
  equal(done.code, 3, 'exit code')
  expect(/init|demo/.test(done.err), `no mend: ${done.err}`)
})

await test('a profile with an unknown role is refused with its line', (folder) => {
  writeFileSync(join(folder, 'bad.toml'), '[partnership]\nkey = "x"\nname = "X"\nnation = "england"\ncalendar = "england-and-wales"\n' +
    'procedures = ["hsb-england"]\n[[agency]]\nkey = "csc"\nname = "C"\ntype = "social-care"\n[[practitioner]]\nkey = "a"\nname = "A"\nagency = "csc"\nrole = "wizard"\n')
  const done = waymark(folder, 'init', '--profile', 'bad.toml')
  equal(done.code, 2, 'exit code')
  expect(/bad\.toml:1[0-9]/.test(done.err) && done.err.includes('wizard'), done.err)
})

// ---- import -----------------------------------------------------------------------------------------------------------

await test('entries are taken once: the same file again changes nothing', (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', [concern('c1', 1, '2026-03-02T09:00:00Z'), concern('c2', 2, '2026-03-03T09:00:00Z')])
  const first = lines(run(folder, 'import', 'entries', 'a.jsonl', '--json').out)[0]
  equal([first.rows, first.taken, first.refused, first.repeated], [2, 2, 0, 0], 'first')
  const before = run(folder, 'export', 'entries').out
  const second = lines(run(folder, 'import', 'entries', 'a.jsonl', '--json').out)[0]
  equal([second.rows, second.taken, second.refused, second.repeated], [2, 0, 0, 2], 'second')
  expect(run(folder, 'export', 'entries').out === before, 'the record changed')
})

await test('what is refused is named by file, line and field, and the rest is taken', (folder) => {
  init(folder)
  const good = concern('ok', 1, '2026-03-02T09:00:00Z')
  const faults = [
    { ...good, id: 'b1', kind: 'concern.rased' },
    { ...good, id: 'b2', at: '2999-01-01' },
    { ...good, id: 'b3', body: { ...good.body, about_what: 'weather' } },
    { ...good, id: 'b4', subjects: [] },
    { ...good, id: 'b5', at: '2001-01-01' },
    { ...good, id: 'b6', agency: 'nobody' },
    { ...good, id: 'b7', body: { ...good.body, summary: 'x'.repeat(1 << 20) } },
    { ...good, id: 'b8', extra: 1 },
    { ...good, id: 'b9', about: 'no-such-entry' },
  ]
  writeFileSync(join(folder, 'mixed.jsonl'), Buffer.concat([
    Buffer.from(JSON.stringify(good) + '\n'), Buffer.from(faults.map((f) => JSON.stringify(f) + '\n').join('')),
    Buffer.from('{"kind":"concern.raised","id":"b10","at":"2026-03-02","agency":"school","author":"\xff\xfe"}\n', 'latin1'),
    Buffer.from('not json\n'),
  ]))
  const done = waymark(folder, 'import', 'entries', 'mixed.jsonl', '--json')
  equal(done.code, 1, 'exit code')
  const tally = lines(done.out)[0]
  equal([tally.rows, tally.taken, tally.refused], [12, 1, 11], 'tally')
  for (let line = 2; line <= 12; line += 1) expect(done.err.includes(`"line":${line},`), `line ${line} is not named: ${done.err}`)
  for (const word of ['concern.raised', 'body.about_what', 'subjects', 'birth', 'agency', 'summary', 'extra', 'UTF-8']) {
    expect(done.err.includes(word), `"${word}" is not said: ${done.err}`)
  }
})

await test('the same id with other content is refused and says supersedes', (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', [concern('c1', 1, '2026-03-02T09:00:00Z')])
  run(folder, 'import', 'entries', 'a.jsonl')
  writeEntries(folder, 'b.jsonl', [concern('c1', 1, '2026-03-02T10:00:00Z')])
  const done = waymark(folder, 'import', 'entries', 'b.jsonl')
  equal(done.code, 1, 'exit code')
  expect(done.err.includes('supersedes'), done.err)
})

await test('strict takes all or nothing', (folder) => {
  init(folder)
  writeEntries(folder, 'mixed.jsonl', [concern('c1', 1, '2026-03-02T09:00:00Z'), { ...concern('c2', 2, '2026-03-02'), kind: 'nothing' }])
  equal(waymark(folder, 'import', 'entries', 'mixed.jsonl', '--strict').code, 1, 'exit code')
  equal(lines(run(folder, 'export', 'entries').out).filter((e) => e.kind === 'concern.raised').length, 0, 'concerns kept')
})

await test('an entry about two children becomes one entry in each record, tied by its incident', (folder) => {
  init(folder)
  const both = concern('c1', 1, '2026-03-02T09:00:00Z')
  both.subjects = [{ involvement: 'displayed', identity: child(1) }, { involvement: 'affected', identity: child(2) }]
  writeEntries(folder, 'a.jsonl', [both])
  run(folder, 'import', 'entries', 'a.jsonl')
  const kept = lines(run(folder, 'export', 'entries').out).filter((e) => e.kind === 'concern.raised')
  equal(kept.length, 2, 'entries')
  expect(kept[0].incident !== undefined && kept[0].incident === kept[1].incident, 'no common incident')
  for (const entry of kept) equal(entry.subjects.length, 1, 'children in one entry')
})

await test('every sample extract imports, and every refusal has file, line, place and reason', (folder) => {
  init(folder)
  const taken = []
  for (const [format, file, agency] of [['family-context', 'csc.csv', 'csc'], ['family-context', 'education.csv', 'school'],
    ['cin-census', 'fake_CIN_data.xml', 'csc']]) {
    const done = waymark(folder, 'import', format, join(samples, file), '--agency', agency, '--json')
    expect(done.code === 0 || done.code === 1, `${file} ended with ${done.code}: ${done.err.slice(0, 500)}`)
    const tally = lines(done.out)[0]
    equal(tally.rows, tally.taken + tally.refused + tally.repeated, `${file}: rows are taken, refused or repeated`)
    for (const refusal of lines(done.err)) {
      expect(refusal.file && refusal.line > 0 && refusal.field && refusal.reason, `a refusal without its place: ${JSON.stringify(refusal)}`)
    }
    taken.push(tally)
  }
  expect(taken[0].taken === 500 && taken[1].taken === 500, `family-context: ${JSON.stringify(taken)}`)
  expect(taken[1].linked >= 474, `links between the two extracts: ${taken[1].linked}`)
  expect(taken[1].to_review >= 10, `offered for a person to look at: ${taken[1].to_review}`)
  expect(taken[2].taken > 332, `census: ${JSON.stringify(taken[2])}`)
  equal(run(folder, 'verify').code, 0, 'verify')
})

await test('a broken XML file keeps what came before the break and names the line', (folder) => {
  init(folder)
  const whole = readFileSync(join(samples, 'fake_CIN_data.xml'), 'utf8')
  writeFileSync(join(folder, 'broken.xml'), whole.slice(0, whole.indexOf('</Child>', 20000) + 20))
  const done = waymark(folder, 'import', 'cin-census', 'broken.xml', '--agency', 'csc')
  expect(done.code !== 0 && /broken\.xml:\d+/.test(done.err), `${done.code} ${done.err.slice(-300)}`)
  expect(lines(run(folder, 'export', 'entries').out).length > 10, 'nothing was kept')
})

// ---- people, chronology, standing -------------------------------------------------------------------------------------

await test('search finds a child by a misspelt name and tells the evidence', (folder) => {
  init(folder)
  writeFileSync(join(folder, 'people.csv'), 'id,source,given_name,family_name,date_of_birth,postcode\n' +
    '1,reg,Maryam,Hussain,2012-05-09,NB1 4QT\n2,reg,Oliver,Ashdown,2011-01-02,NB2 7AA\n')
  equal(lines(run(folder, 'import', 'people', 'people.csv', '--agency', 'school', '--json').out)[0].taken, 2, 'taken')
  const found = lines(run(folder, 'people', 'search', '--given', 'Mariam', '--family', 'Husain', '--dob', '2012-05-09', '--json').out)
  expect(found.length >= 1 && found[0].given_name === 'Maryam', JSON.stringify(found))
  expect(found[0].evidence.some((e) => e.weight > 0), 'no evidence')
})

await test('a raiser finds only children that their own agency knows', (folder) => {
  init(folder)
  writeFileSync(join(folder, 'people.csv'), 'id,source,given_name,family_name,date_of_birth\n1,reg,Maryam,Hussain,2012-05-09\n')
  run(folder, 'import', 'people', 'people.csv', '--agency', 'csc')
  const query = ['people', 'search', '--given', 'Maryam', '--family', 'Hussain', '--dob', '2012-05-09', '--json', '--purpose', 'safeguarding']
  equal(lines(run(folder, ...query, '--as', 'f.door').out).length, 1, 'front door')
  equal(lines(run(folder, ...query, '--as', 's.lead').out).length, 0, 'school')
  equal(waymark(folder, ...query, '--as', 'x.admin').code, 1, 'a system administrator sees no content')
})

await test('a concern raises its duties, and an earlier one its cue and its gate', (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', [
    concern('c1', 1, '2026-03-02T09:00:00Z', { recorded: '2026-03-02T09:05:00Z' }),
    { kind: 'triage.decided', at: '2026-03-02T15:00:00Z', recorded: '2026-03-02T15:00:00Z', agency: 'csc', author: 'f.door', id: 't1', about: 'c1',
      subjects: [{ involvement: 'displayed', identity: child(1) }], body: { outcome: 'no-further-action', rationale: 'recorded' } },
    concern('c2', 1, '2026-04-02T16:55:00+01:00', { recorded: '2026-04-02T16:00:00Z', body: { about_what: 'displayed-behaviour', setting: 'school', noticed: 'observed', immediate_danger: true } }),
  ])
  run(folder, 'import', 'entries', 'a.jsonl')
  const open = lines(run(folder, 'standing', '--json', '--as-of', '2026-04-02T17:00:00Z').out).filter((s) => s.duties.some((d) => d.state === 'open'))
  equal(open.length, 1, 'cases with an open duty')
  const cues = open[0].cues.map((c) => c.id)
  for (const cue of ['immediate-danger', 'earlier-concerns', 'earlier-concern-closed']) expect(cues.includes(cue), `${cue} is missing: ${cues}`)
  const decision = open[0].duties.find((d) => d.id === 'referral-decision')
  // Thursday before Easter 2026: Friday and Monday are holidays, so the next working day is Tuesday 7 April.
  expect(decision.due.startsWith('2026-04-07'), `due ${decision.due}`)
  expect(open[0].gates.some((g) => g.open === false), `no gate is closed: ${JSON.stringify(open[0].gates)}`)
  const late = lines(run(folder, 'standing', '--json', '--overdue', '--as-of', '2026-04-09').out)
  expect(late.some((one) => one.case === open[0].case && one.duties.some((d) => d.id === 'referral-decision' && d.state === 'overdue')),
    `the decision is not overdue: ${JSON.stringify(late)}`)
})

await test('the chronology as of a date holds only what had been recorded by then', (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', [
    concern('c1', 1, '2026-03-02T09:00:00Z', { recorded: '2026-03-02T09:10:00Z' }),
    concern('c2', 1, '2026-02-01T09:00:00Z', { recorded: '2026-05-01T09:00:00Z' }),
  ])
  run(folder, 'import', 'entries', 'a.jsonl')
  const now = lines(run(folder, 'chronology', 'school/test-register/C1', '--json').out)[0]
  equal(now.entries.length, 2, 'entries now')
  expect(now.entries[0].late === true, 'the late entry is not marked')
  const then = lines(run(folder, 'chronology', 'school/test-register/C1', '--json', '--as-of', '2026-03-31').out)[0]
  equal(then.entries.length, 1, 'entries then')
  run(folder, 'chronology', 'school/test-register/C1', '--csv', 'c.csv')
  run(folder, 'chronology', 'school/test-register/C1', '--html', 'c.html')
  expect(readFileSync(join(folder, 'c.csv'), 'utf8').split('\r\n').length === 4, 'csv lines')
  expect(readFileSync(join(folder, 'c.html'), 'utf8').includes('days with no entry'), 'the gap is not shown')
})

// ---- without loss, and against its proofs ---------------------------------------------------------------------------------

await test('what is exported is taken back without loss', (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', [
    concern('c1', 1, '2026-03-02T09:00:00Z'),
    { kind: 'triage.decided', at: '2026-03-03', agency: 'csc', author: 'f.door', id: 't1', about: 'c1',
      subjects: [{ involvement: 'displayed', identity: { ...child(1), source: 'cms', id: '77' } }], body: { outcome: 'assessment', rationale: 'r' } },
    concern('c1b', 1, '2026-03-02T09:30:00Z', { supersedes: 'c1' }),
  ])
  run(folder, 'import', 'entries', 'a.jsonl')
  const first = run(folder, 'export', 'entries').out
  writeFileSync(join(folder, 'out.jsonl'), first)
  run(folder, 'init', '--profile', 'profile.toml', '--db', 'other.db')
  run(folder, 'import', 'entries', 'out.jsonl', '--db', 'other.db')
  const without = (text) => text.split('\n').filter((l) => !l.includes('content.adopted')).join('\n')
  expect(without(run(folder, 'export', 'entries', '--db', 'other.db').out) === without(first), 'the second export differs')
})

await test('verify finds an entry that was changed behind its back', (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', [concern('c1', 1, '2026-03-02T09:00:00Z'), concern('c2', 2, '2026-03-03T09:00:00Z')])
  run(folder, 'import', 'entries', 'a.jsonl')
  run(folder, 'settle', '--checkpoint', 'kept.note')
  equal(lines(run(folder, 'verify', '--json').out)[0].sound, true, 'sound')
  const change = spawnSync('sqlite3', [join(folder, 'waymark.db'), "UPDATE entry SET author = 'somebody' WHERE kind = 'concern.raised' AND at = (SELECT min(at) FROM entry WHERE kind = 'concern.raised')"])
  expect(change.status === 0, `sqlite3: ${change.stderr}`)
  const done = waymark(folder, 'verify', '--json')
  equal(done.code, 1, 'exit code')
  expect(lines(done.out)[0].findings.length > 0, 'no finding')
})

await test('verify against an older checkpoint finds a store that was rolled back', (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', [concern('c1', 1, '2026-03-02T09:00:00Z')])
  run(folder, 'import', 'entries', 'a.jsonl')
  run(folder, 'settle')
  run(folder, 'backup', 'yesterday.db')
  writeEntries(folder, 'b.jsonl', [concern('c2', 2, '2026-03-03T09:00:00Z')])
  run(folder, 'import', 'entries', 'b.jsonl')
  run(folder, 'settle', '--checkpoint', 'kept.note')
  equal(waymark(folder, 'verify', '--checkpoint', 'kept.note').code, 0, 'today agrees')
  equal(waymark(folder, 'verify', '--db', 'yesterday.db', '--checkpoint', 'kept.note').code, 1, 'yesterday does not')
})

await test('a back-up is restored into an empty store and refused over a record', (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', [concern('c1', 1, '2026-03-02T09:00:00Z')])
  run(folder, 'import', 'entries', 'a.jsonl')
  run(folder, 'backup', 'safe.db')
  run(folder, 'restore', 'safe.db', '--db', 'new.db')
  expect(run(folder, 'export', 'entries', '--db', 'new.db').out === run(folder, 'export', 'entries').out, 'the restored record differs')
  const again = waymark(folder, 'restore', 'safe.db', '--db', 'new.db')
  expect(again.code !== 0 && again.err.length > 20, `restored over a record: ${again.err}`)
})

// ---- while serving ---------------------------------------------------------------------------------------------------------

await test('while a server holds the store, commands reach it and a second server is refused', async (folder) => {
  init(folder)
  const server = await serve(folder)
  try {
    writeEntries(folder, 'a.jsonl', [concern('c1', 1, '2026-03-02T09:00:00Z')])
    equal(lines(run(folder, 'import', 'entries', 'a.jsonl', '--json').out)[0].taken, 1, 'taken over the socket')
    run(folder, 'backup', 'while-serving.db')
    expect(existsSync(join(folder, 'while-serving.db')), 'no back-up')
    equal(lines(run(folder, 'standing', '--json').out).length, 1, 'standing over the socket')
    const second = waymark(folder, 'serve', '--listen', '127.0.0.1:0')
    expect(second.code !== 0 && /hold|lock|process/.test(second.err), `the second server: ${second.code} ${second.err}`)
    const ping = await fetch(`${server.address}ping`)
    equal(ping.status, 200, 'ping')
  } finally {
    await server.stop()
  }
  equal(run(folder, 'verify').code, 0, 'verify afterwards')
})

await test('what was acknowledged stands after the server is killed', async (folder) => {
  init(folder)
  const server = await serve(folder)
  for (let n = 0; n < 5; n += 1) {
    writeEntries(folder, `${n}.jsonl`, [concern(`k${n}`, n, '2026-03-02T09:00:00Z')])
    run(folder, 'import', 'entries', `${n}.jsonl`)
  }
  await server.kill()
  equal(lines(run(folder, 'export', 'entries').out).filter((e) => e.kind === 'concern.raised').length, 5, 'kept')
  equal(run(folder, 'verify').code, 0, 'verify')
})

await test('start-up says which mode the store is in and names the WAL-reset fault', async (folder) => {
  init(folder)
  const server = await serve(folder)
  await server.stop()
  expect(/sqlite/i.test(server.err()) && /wal/i.test(server.err()) && /reset/i.test(server.err()), server.err())
})

await test('a store of a newer version is refused with what to do', (folder) => {
  init(folder)
  const changed = spawnSync('sqlite3', [join(folder, 'waymark.db'), 'INSERT INTO migration VALUES (9999, 0)'])
  expect(changed.status === 0, String(changed.stderr))
  const done = waymark(folder, 'standing')
  expect(done.code !== 0 && /newer/.test(done.err), `${done.code} ${done.err}`)
})

await test('a full disk acknowledges nothing and leaves a sound store', (folder) => {
  init(folder)
  writeEntries(folder, 'many.jsonl', Array.from({ length: 4000 }, (_, n) => concern(`f${n}`, n, '2026-03-02T09:00:00Z', {
    subjects: [{ involvement: 'displayed', identity: child(n, { id: `F${n}`, given_name: `Name${n}` }) }] })))
  const limit = Math.ceil(statSync(join(folder, 'waymark.db')).size / 1024) + 600
  const done = spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f ${limit}; exec "${program}" import entries many.jsonl --json`], { cwd: folder, encoding: 'utf8' })
  equal(done.status, 3, `exit code (${done.stderr.slice(-300)})`)
  equal(run(folder, 'verify').code, 0, 'verify afterwards')
  const tally = lines(run(folder, 'import', 'entries', 'many.jsonl', '--json').out)[0]
  equal(tally.taken + tally.repeated, 4000, 'after there is room again')
})

// ---- procedures -----------------------------------------------------------------------------------------------------------

await test('the shipped procedure is proved sound and explained in words', (folder) => {
  const file = join(root, 'content/procedures/hsb-england.toml')
  equal(lines(run(folder, 'procedure', 'check', file, '--json').out)[0].answer, 'proved', 'answer')
  expect(run(folder, 'procedure', 'explain', file).out.includes('within 1 working day'), 'the clock is not explained')
})

await test('a procedure that cannot be kept is refuted with the run that shows it', (folder) => {
  copyFileSync(join(root, 'content/procedures/hsb-england.toml'), join(folder, 'p.toml'))
  writeFileSync(join(folder, 'p.toml'), 'name = 3\n')
  equal(waymark(folder, 'procedure', 'check', 'p.toml').code, 1, 'exit code')
})

await import('./canary.mjs')
await import('./cues.mjs')
await import('./identity.mjs')
await import('./keys.mjs')
await import('./linkage.mjs')
await import('./procedure.mjs')
await import('./two_persons.mjs')

finish()

// The identity engine over the record: which model it weighs by, and what was written while two records were one.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { concern, equal, expect, init, lines, run, serve, test, waymark, writeEntries } from './harness.mjs'

// ---- an adopted model -----------------------------------------------------------------------------------------------------

// A register in which a birth date is often mistyped, so that another one says less than the shipped model holds.
function register() {
  const given = ['Amina', 'Oscar', 'Freya', 'Rohan', 'Elsie', 'Jonah', 'Maryam', 'Callum', 'Niamh', 'Tariq', 'Greta']
  const family = ['Okafor', 'Bennett', 'Hussain', 'Kowalska', 'Price', 'Nguyen', 'Doherty', 'Patel', 'Lindqvist']
  let state = 7
  const any = (n) => { state = (state * 48271) % 2147483647; return state % n }
  const two = (n) => String(n).padStart(2, '0')
  const rows = ['ref,Forename,Surname,dob,postcode,school']
  for (let n = 0; n < 400; n += 1) {
    const who = [given[any(11)], family[any(9)]]
    const born = [2008 + any(9), two(1 + any(12)), two(1 + any(28))]
    const rest = [`NB${1 + any(9)} ${1 + any(7)}${'ABDEFGHJ'[any(8)]}${'ABDEFGHJ'[any(8)]}`, `School ${any(5)}`]
    rows.push([`R${n}`, ...who, born.join('-'), ...rest].join(','))
    if (n % 3 === 0) rows.push([`S${n}`, ...who, n % 6 === 0 ? [born[0], born[1], two(1 + any(28))].join('-') : born.join('-'), ...rest].join(','))
  }
  return rows.join('\r\n') + '\r\n'
}
const kept = (folder, name, ...more) =>
  run(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'p.csv', '--clusters', 'c.csv', '--keep-model', name, ...more)
const looked = (folder) =>
  lines(run(folder, 'people', 'search', '--given', 'Givenb', '--family', 'Familyl', '--dob', '2012-02-11', '--json').out)
const adopted = (folder, ...more) => lines(run(folder, 'adopt', '--json', ...more).out)[0].adopted.map((one) => one.what)

await test('a model made from a file is adopted, weighs in the record with the same words, and is given up again', (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', [concern('c1', 1, '2026-03-02T09:00:00Z')])
  run(folder, 'import', 'entries', 'a.jsonl')
  const before = looked(folder)
  equal(before.length, 1, 'found')
  writeFileSync(join(folder, 'r.csv'), register())
  kept(folder, 'm.json', '--columns', 'id=ref,given_name=Forename,family_name=Surname,date_of_birth=dob,postcode=postcode', '--only')
  equal(adopted(folder, '--model', 'm.json'), ['model'], 'adopted')
  equal(adopted(folder, '--model', 'm.json'), [], 'again')
  equal(adopted(folder), [], 'without a model it stays')
  const after = looked(folder)
  expect(Math.abs(after[0].weight - before[0].weight) > 0.1, 'the weight is the same')
  equal(after[0].evidence.map((one) => [one.aspect, one.words]).filter(([aspect]) => aspect !== 'household'),
    before[0].evidence.map((one) => [one.aspect, one.words]).filter(([aspect]) => aspect !== 'household'), 'the words')
  equal(run(folder, 'verify').code, 0, 'verify')
  expect(run(folder, 'adopt', '--shipped-model').out.startsWith('model identity, version shipped'), 'not given up')
  equal(looked(folder), before, 'as before')
  equal(waymark(folder, 'adopt', '--shipped-model', '--model', 'm.json').code, 2, 'both at once')
})

await test('a model for other columns is refused by place, and a server at work keeps the one it has', async (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', [concern('c1', 1, '2026-03-02T09:00:00Z')])
  run(folder, 'import', 'entries', 'a.jsonl')
  writeFileSync(join(folder, 'r.csv'), register())
  kept(folder, 'm.json', '--columns', 'id=ref,given_name=Forename,family_name=Surname,text=school')
  const server = await serve(folder)
  try {
    const before = looked(folder)
    const refused = waymark(folder, 'adopt', '--model', 'm.json')
    equal(refused.code, 2, 'exit code')
    expect(/m\.json fields\[\d\]/.test(refused.err) && refused.err.includes('school') && refused.err.includes('--only'), refused.err)
    const loose = JSON.parse(readFileSync(join(folder, 'm.json'), 'utf8'))
    loose.fields = loose.fields.filter((field) => field.kind !== 'text')
    writeFileSync(join(folder, 'loose.json'), JSON.stringify({ ...loose, link_at: -1, review_at: -5 }))
    expect(waymark(folder, 'adopt', '--model', 'loose.json').err.includes('link_at'), 'a threshold below even odds')
    equal(waymark(folder, 'adopt', '--model', 'nowhere.json').code, 2, 'no such file')
    writeFileSync(join(folder, 'half.json'), readFileSync(join(folder, 'm.json'), 'utf8').slice(0, 200))
    equal(waymark(folder, 'adopt', '--model', 'half.json').code, 2, 'half a file')
    equal(looked(folder), before, 'while serving')
    equal(adopted(folder), [], 'nothing is adopted')
  } finally {
    await server.stop()
  }
})

// ---- un-merging -----------------------------------------------------------------------------------------------------------

const who = { postcode: 'NB1 4AA', address: '4 Harbour Lane', given_name: 'Ada', family_name: 'Lindgren', date_of_birth: '2012-04-05' }
const decides = ['--as', 'f.door', '--purpose', 'triage']
const one = 'school/mis/n1'
const other = 'csc/cms/e1'

// Two agencies' records of what looks like one child, a visit written about the joined child, and then the two parted.
function joined(folder) {
  init(folder)
  writeEntries(folder, 'a.jsonl', [
    concern('n1', 1, '2026-01-05T09:00:00Z', { recorded: '2026-01-05T09:00:00Z',
      subjects: [{ involvement: 'displayed', identity: { ...who, source: 'mis', id: 'n1' } }] }),
    concern('e1', 1, '2026-02-02T09:00:00Z', { agency: 'csc', author: 'f.door', recorded: '2026-02-02T09:00:00Z',
      subjects: [{ involvement: 'displayed', identity: { ...who, source: 'cms', id: 'e1' } }] })])
  run(folder, 'import', 'entries', 'a.jsonl')
  const found = lines(run(folder, 'people', 'search', '--given', 'Ada', '--family', 'Lindgren', '--dob', '2012-04-05', '--json').out)
  equal(found.length, 1, 'one person')
  writeEntries(folder, 'v.jsonl', [{ kind: 'visit.made', at: '2026-03-02T09:30:00Z', agency: 'csc', author: 'f.door', id: 'v1',
    body: { seen: true }, subjects: [{ involvement: 'subject', person: found[0].person }] }])
  run(folder, 'import', 'entries', 'v.jsonl')
}
// What two people agreed to elsewhere, as an import brings it: at the command line one person can only ask.
function agreed(folder) {
  writeEntries(folder, 'd.jsonl', [{ kind: 'identity.decided', at: '2026-03-02T10:00:00Z', agency: 'csc', author: 'f.door', id: 'd1',
    body: { decision: 'not-same', reason: 'Two birth certificates.', approved_by: 's.second',
      identities: [{ agency: 'school', source: 'mis', id: 'n1' }, { agency: 'csc', source: 'cms', id: 'e1' }] },
    subjects: [{ involvement: 'subject', identity: { source: 'cms', id: 'e1' } }] }])
  run(folder, 'import', 'entries', 'd.jsonl')
}
const chronology = (folder, whom) => lines(run(folder, 'chronology', whom, '--json').out)[0].entries
const visits = (folder, whom) => chronology(folder, whom).filter((line) => line.kind === 'visit.made' && !line.superseded)

await test('two records are parted at the command line, and what was written since is shown and assigned', (folder) => {
  joined(folder)
  equal(lines(run(folder, 'people', 'parted', one, other, '--json').out)[0].was_joined, false, 'while they are joined')
  equal(lines(run(folder, 'people', 'part', one, other, '--reason', 'Two birth certificates.', '--json', ...decides).out)[0],
    { waiting: 'second-person' }, 'one person parts nothing')
  equal(lines(run(folder, 'people', 'parted', one, other, '--json').out)[0].was_joined, false, 'while a second person is asked')
  agreed(folder)
  const parted = lines(run(folder, 'people', 'parted', one, other, '--json').out)[0]
  equal([parted.was_joined, parted.to_assign, parted.written.map((e) => [e.kind, e.assigned])], [true, 1, [['visit.made', null]]], 'in doubt')
  equal(parted.written[0].in, parted.one.view, 'it lies in the record of the first')
  expect(parted.one.person !== parted.other.person, 'they are still one person')
  expect(run(folder, 'people', 'parted', one, other).out.includes('1 to be assigned'), 'not said in words')
  const entry = parted.written[0].entry
  const done = lines(run(folder, 'people', 'assign', one, other, '--entry', entry, '--to', other, '--reason', 'The sheet has the address.', '--json', ...decides).out)[0]
  equal(done.to_assign, 0, 'left')
  equal([visits(folder, one).length, visits(folder, other).length], [0, 1], 'where it lies now')
  const after = lines(run(folder, 'people', 'parted', one, other, '--json').out)[0].written[0]
  equal([after.assigned.to, after.assigned.reason], [parted.other.view, 'The sheet has the address.'], 'assigned')
  equal(run(folder, 'verify').code, 0, 'verify')
})

await test('parting and assigning need a person who may decide, a reason, and something to decide', (folder) => {
  joined(folder)
  const part = (...more) => waymark(folder, 'people', 'part', one, other, ...more)
  equal(part(...decides).code, 2, 'no reason')
  const nobody = part('--reason', 'r')
  equal([nobody.code, nobody.err.includes('--as')], [2, true], 'nobody decides')
  equal(part('--reason', 'r', '--as', 's.lead', '--purpose', 'safeguarding').code, 1, 'a school may not')
  equal(part('--reason', ' ', ...decides).code, 2, 'an empty reason')
  equal(waymark(folder, 'people', 'part', one, 'csc/cms/none', '--reason', 'r', ...decides).code, 1, 'no such record')
  equal(waymark(folder, 'people', 'parted', one).code, 2, 'one record')
  expect(part('--reason', 'Two.', ...decides).out.includes('a second person has to agree'), 'nobody else is asked')
  equal(part('--reason', 'Two.', ...decides).code, 1, 'asked already')
  agreed(folder)
  equal(part('--reason', 'Two.', ...decides).code, 1, 'parted already')
  const entry = lines(run(folder, 'people', 'parted', one, other, '--json').out)[0].written[0].entry
  const assign = (...more) => waymark(folder, 'people', 'assign', one, other, ...more, '--reason', 'r')
  equal(assign('--entry', entry, '--to', one).code, 2, 'nobody assigns')
  equal(assign('--entry', 'x', '--to', one, ...decides).code, 2, 'no entry')
  equal(assign('--entry', entry, '--to', one, ...decides).code, 0, 'assigned')
  equal(assign('--entry', entry, '--to', other, ...decides).code, 1, 'assigned already')
})

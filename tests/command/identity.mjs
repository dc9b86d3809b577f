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

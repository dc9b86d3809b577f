// people dedupe, link and explain as an analyst and an outside program use them.
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readdirSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { equal, expect, lines, program, root, run, test, waymark } from './harness.mjs'

// A small register with known people: some rows are damaged further sightings, two are twins, two share no more than a name.
const given = ['Amina', 'Oscar', 'Freya', 'Rohan', 'Elsie', 'Jonah', 'Maryam', 'Callum', 'Niamh', 'Tariq', 'Greta', 'Kofi', 'Wilma', 'Ivo', 'Sunita']
const family = ['Okafor', 'Bennett', 'Hussain', 'Kowalska', 'Price', 'Nguyen', 'Doherty', 'Patel', 'Lindqvist', 'Marsh', 'Adeyemi', 'Fletcher', 'Rossi']
function register() {
  const rows = []
  let state = 7
  const any = (n) => { state = (state * 48271) % 2147483647; return state % n }
  const two = (n) => String(n).padStart(2, '0')
  for (let n = 0; n < 240; n += 1) {
    const row = {
      id: `R${String(n).padStart(3, '0')}`, given_name: given[any(15)], family_name: family[any(13)],
      date_of_birth: `20${two(8 + any(9))}-${two(1 + any(12))}-${two(1 + any(28))}`,
      sex: any(2) ? 'F' : 'M', postcode: `NB${1 + any(9)} ${1 + any(7)}${'ABDEFGHJ'[any(8)]}${'ABDEFGHJ'[any(8)]}`, person: `P${n}`,
    }
    rows.push(row)
    if (n % 4 === 0) rows.push({ ...row, id: `S${row.id}`, given_name: row.given_name.slice(0, 2) + row.given_name.slice(3) })
    if (n % 6 === 0) rows.push({ ...row, id: `T${row.id}`, postcode: '' })
  }
  rows.push({ ...rows[5], id: 'TWIN', given_name: 'Zebedee', person: 'PT' })
  return rows
}
const columns = ['id', 'given_name', 'family_name', 'date_of_birth', 'sex', 'postcode', 'person']
const csv = (rows) => [columns, ...rows.map((row) => columns.map((c) => row[c]))].map((r) => r.join(',') + '\r\n').join('')
const table = (folder, name) => {
  const [header, ...rows] = readFileSync(join(folder, name), 'utf8').split('\r\n').filter((line) => line !== '').map((line) => line.split(','))
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [header[i], value])))
}
const write = (folder, name, text) => writeFileSync(join(folder, name), text)
const dedupe = (folder, ...more) => waymark(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'p.csv', '--clusters', 'c.csv', ...more)
const leftovers = (folder) => readdirSync(folder).filter((name) => name.includes('partial'))

await test('dedupe writes pairs and clusters as the contract says, with no store', (folder) => {
  write(folder, 'r.csv', csv(register()))
  const done = dedupe(folder, '--truth', 'person', '--json')
  equal(done.code, 0, `exit code (${done.err})`)
  const figures = lines(done.out)[0]
  equal([figures.rows, figures.taken, figures.refused, figures.repeated], [341, 341, 0, 0], 'rows')
  const pairs = table(folder, 'p.csv')
  equal(readFileSync(join(folder, 'p.csv'), 'utf8').split('\r\n')[0], 'id_l,id_r,match_weight,match_probability', 'header')
  equal(pairs.length, figures.linked, 'linked pairs')
  for (let i = 0; i < pairs.length; i += 1) {
    expect(pairs[i].id_l < pairs[i].id_r, `the ids of a pair are out of order: ${JSON.stringify(pairs[i])}`)
    expect(i === 0 || Number(pairs[i - 1].match_weight) >= Number(pairs[i].match_weight), 'pairs are not best first')
    const p = 1 / (1 + 2 ** -Number(pairs[i].match_weight))
    expect(Math.abs(p - Number(pairs[i].match_probability)) < 1e-4, `weight and probability disagree: ${JSON.stringify(pairs[i])}`)
  }
  const clusters = table(folder, 'c.csv')
  equal(clusters.length, 341, 'clusters name every record')
  equal(new Set(clusters.map((row) => row.cluster)).size, figures.clusters, 'clusters')
  expect(figures.truth.precision >= 0.99 && figures.truth.recall >= 0.6 && figures.truth.best_f1 >= 0.97 && figures.truth.cluster_f1 >= 0.9, `precision and recall: ${JSON.stringify(figures.truth)}`)
  expect(!existsSync(join(folder, 'waymark.db')), 'a store was made')
  equal(leftovers(folder), [], 'files left over')
})

await test('a twin is offered and never linked, at any threshold', (folder) => {
  write(folder, 'r.csv', csv(register()))
  for (const threshold of ['0.999', '0.5', '0.0001']) {
    equal(dedupe(folder, '--threshold', threshold, '--offered', 'o.csv').code, 0, 'exit code')
    expect(table(folder, 'p.csv').every((row) => row.id_l !== 'TWIN' && row.id_r !== 'TWIN'), `linked at ${threshold}`)
    expect(table(folder, 'o.csv').some((row) => row.id_r === 'TWIN' && row.why === 'twin-or-sibling'), `not offered at ${threshold}`)
  }
})

await test('a higher threshold links a part of what a lower one links, and a wanted precision sets one', (folder) => {
  write(folder, 'r.csv', csv(register()))
  const at = (...more) => {
    const figures = lines(run(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'p.csv', '--clusters', 'c.csv', '--json', ...more).out)[0]
    return { figures, pairs: table(folder, 'p.csv').map((row) => `${row.id_l} ${row.id_r}`) }
  }
  const low = at('--threshold', '0.2')
  const high = at('--threshold', '0.99')
  expect(high.pairs.every((pair) => low.pairs.includes(pair)) && high.pairs.length <= low.pairs.length, 'not a part')
  expect(table(folder, 'p.csv').every((row) => Number(row.match_probability) >= 0.989), 'a pair below the threshold was written')
  const precise = at('--precision', '0.999')
  expect(precise.figures.expected_precision >= 0.999, `expected ${precise.figures.expected_precision}`)
  const loose = at('--precision', '0.9')
  expect(loose.figures.link_at_weight <= precise.figures.link_at_weight, 'a lower precision has a higher threshold')
  equal(at('--precision', '1').pairs.length, 0, 'links at a precision that cannot be had')
})

await test('the result is the same for any number of threads and any order of rows', (folder) => {
  const rows = register()
  write(folder, 'r.csv', csv(rows))
  run(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'p1.csv', '--clusters', 'c1.csv', '--threads', '1')
  run(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'p3.csv', '--clusters', 'c3.csv', '--threads', '3')
  write(folder, 'r.csv', csv([...rows].reverse()))
  run(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'pr.csv', '--clusters', 'cr.csv')
  const text = (name) => readFileSync(join(folder, name), 'utf8')
  equal(text('p1.csv') === text('p3.csv') && text('c1.csv') === text('c3.csv'), true, 'threads')
  equal(text('pr.csv') === text('p1.csv'), true, 'order of rows: pairs')
  equal(text('cr.csv').split('\r\n').sort().join() === text('c1.csv').split('\r\n').sort().join(), true, 'order of rows: clusters')
})

await test('a model is kept where its file is not there, and reused where it is', (folder) => {
  write(folder, 'r.csv', csv(register()))
  const first = lines(run(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'p.csv', '--clusters', 'c.csv', '--model', 'm.json', '--json').out)[0]
  equal(first.model, 'estimated', 'first')
  const kept = readFileSync(join(folder, 'm.json'), 'utf8')
  const pairs = readFileSync(join(folder, 'p.csv'), 'utf8')
  const second = lines(run(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'p.csv', '--clusters', 'c.csv', '--model', 'm.json', '--json').out)[0]
  equal(second.model, 'read', 'second')
  equal(readFileSync(join(folder, 'p.csv'), 'utf8') === pairs, true, 'same pairs from the kept model')
  equal(readFileSync(join(folder, 'm.json'), 'utf8') === kept, true, 'the model is not written over')
  write(folder, 'other.csv', csv(register()).replace('family_name', 'clan'))
  const other = waymark(folder, 'people', 'dedupe', 'other.csv', '--pairs', 'x.csv', '--clusters', 'y.csv', '--model', 'm.json', '--columns', 'family_name=clan')
  equal(other.code, 2, 'a model for other columns')
  expect(/model/.test(other.err) && /clan|columns/.test(other.err) && !existsSync(join(folder, 'x.csv')), other.err)
  write(folder, 'm.json', kept.replace('"version":4', '"version":9'))
  equal(dedupe(folder, '--model', 'm.json').code, 2, 'a model of another version')
})

await test('two files are linked: the first id is of the first file', (folder) => {
  const rows = register()
  write(folder, 'a.csv', csv(rows.filter((row) => row.id.startsWith('R'))))
  write(folder, 'b.csv', csv(rows.filter((row) => !row.id.startsWith('R'))))
  const figures = lines(run(folder, 'people', 'link', 'a.csv', 'b.csv', '--pairs', 'p.csv', '--truth', 'person', '--json').out)[0]
  equal(figures.files.length, 2, 'files')
  const pairs = table(folder, 'p.csv')
  expect(pairs.length > 60 && pairs.every((row) => row.id_l.startsWith('R') && !row.id_r.startsWith('R')), 'sides')
  expect(figures.truth.precision >= 0.99, `precision ${figures.truth.precision}`)
})

await test('columns of other names are mapped, the others still found, and --only compares no others', (folder) => {
  write(folder, 'r.csv', csv(register()).replace('given_name', 'vorname'))
  const named = lines(dedupe(folder, '--columns', 'given_name=vorname', '--json').out)[0]
  equal(named.columns.map((c) => c.kind), ['given_name', 'family_name', 'date_of_birth', 'sex', 'postcode'], 'kinds')
  const only = lines(dedupe(folder, '--columns', 'id=id,given_name=vorname,family_name=family_name,date_of_birth=date_of_birth', '--only', '--json').out)[0]
  equal(only.columns.length, 3, 'only')
  const ignored = lines(dedupe(folder, '--columns', 'given_name=vorname,ignore=sex', '--json').out)[0]
  expect(!ignored.columns.some((c) => c.kind === 'sex'), 'ignored')
  const missing = dedupe(folder, '--columns', 'given_name=forename')
  equal(missing.code, 2, 'a column that is missing')
  expect(missing.err.includes('forename') && missing.err.includes('r.csv:1'), missing.err)
  equal(dedupe(folder, '--columns', 'colour=vorname').code, 2, 'a kind that is none')
  equal(dedupe(folder, '--truth', 'nobody').code, 2, 'a column of truth that is missing')
})

await test('a column is named as one of former postcodes, and a move is linked by it; without one of postcodes it is refused', (folder) => {
  const heads = ['id', 'given_name', 'family_name', 'date_of_birth', 'sex', 'postcode', 'Moved_from']
  // Of every fifth child a further sighting from after a move; none says the other's postcode of now.
  const rows = register().filter((row) => row.id.startsWith('R')).map((row) => ({ ...row, Moved_from: '' }))
  const moved = rows.filter((_, n) => n % 5 === 0).map((row, n) => ({ ...row, id: `M${row.id}`, given_name: n % 2 ? row.given_name : row.given_name.slice(0, 3), postcode: `XY7 ${1 + n % 9}QQ`, Moved_from: `AB1 1AA; ${row.postcode}` }))
  const text = (columns) => [columns, ...[...rows, ...moved].map((row) => columns.map((c) => row[c]))].map((r) => r.join(',') + '\r\n').join('')
  write(folder, 'r.csv', text(heads))
  const explain = (...more) => waymark(folder, 'people', 'explain', 'r.csv', rows[0].id, moved[0].id, '--json', ...more)
  equal(dedupe(folder, '--columns', 'former_postcode=Moved_from', '--model', 'm.json').code, 0, 'exit code')
  const said = explain('--columns', 'former_postcode=Moved_from', '--model', 'm.json')
  equal(said.code, 0, `explain (${said.err})`)
  const postcode = lines(said.out)[0].evidence.find((each) => each.field === 'postcode')
  expect(postcode !== undefined && /former/.test(JSON.stringify(postcode)) && postcode.weight > 0, `the move says nothing: ${said.out}`)
  write(folder, 'r.csv', text(heads.filter((head) => head !== 'postcode')))
  const alone = waymark(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'none.csv', '--clusters', 'nobody.csv', '--columns', 'former_postcode=Moved_from')
  equal(alone.code, 2, 'a column of former postcodes beside none of postcodes')
  expect(/Moved_from|former/.test(alone.err) && !existsSync(join(folder, 'none.csv')), alone.err)
})

await test('explain tells the evidence of one pair in words, and its weights add up', (folder) => {
  write(folder, 'r.csv', csv(register()))
  run(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'p.csv', '--clusters', 'c.csv', '--model', 'm.json')
  const told = run(folder, 'people', 'explain', 'r.csv', 'R000', 'SR000', '--model', 'm.json').out
  expect(told.includes('Linked') && told.includes('Same date of birth'), told)
  const one = lines(run(folder, 'people', 'explain', 'r.csv', 'R000', 'SR000', '--model', 'm.json', '--json').out)[0]
  equal(one.outcome, 'linked', 'outcome')
  const sum = one.prior + one.evidence.reduce((all, each) => all + each.weight, 0)
  expect(Math.abs(sum - one.match_weight) < 0.06, `evidence adds up to ${sum}, not ${one.match_weight}`)
  const pair = table(folder, 'p.csv').find((row) => row.id_l === 'R000' && row.id_r === 'SR000')
  expect(Math.abs(Number(pair.match_weight) - one.match_weight) < 0.001, 'another weight than in the pairs')
  const back = lines(run(folder, 'people', 'explain', 'r.csv', 'SR000', 'R000', '--model', 'm.json', '--json').out)[0]
  equal(back.match_weight, one.match_weight, 'the other way round')
  const twin = lines(run(folder, 'people', 'explain', 'r.csv', register()[5].id, 'TWIN', '--model', 'm.json', '--json').out)[0]
  equal([twin.outcome, twin.twin_or_sibling], ['review', true], 'twin')
  equal(waymark(folder, 'people', 'explain', 'r.csv', 'R000', 'NOBODY').code, 1, 'a record that is not there')
  equal(waymark(folder, 'people', 'explain', 'r.csv', 'R000').code, 2, 'one id')
})

// ---- search of a file -------------------------------------------------------------------------------------------------

const search = (folder, ...more) => waymark(folder, 'people', 'search', '--in', 'r.csv', ...more)

await test('search finds in a bare file who is meant, best first, with the weights that explain gives, and opens no store', (folder) => {
  write(folder, 'r.csv', csv(register()))
  run(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'p.csv', '--clusters', 'c.csv', '--model', 'm.json')
  const sought = register().find((row) => row.id === 'R040')
  const asked = ['--given', sought.given_name, '--family', sought.family_name, '--dob', sought.date_of_birth, '--postcode', sought.postcode]
  const done = search(folder, ...asked, '--model', 'm.json', '--json')
  equal(done.code, 0, `exit code (${done.err})`)
  const answers = lines(done.out)
  expect(answers.length > 1 && answers.length <= 20, `${answers.length} answers`)
  for (const id of ['R040', 'SR040']) expect(answers.slice(0, 3).some((answer) => answer.id === id), `${id} is not among the first: ${done.out}`)
  for (let i = 1; i < answers.length; i += 1) expect(answers[i - 1].weight >= answers[i].weight, 'answers are not best first')
  equal(answers[0].outcome, 'linked', 'outcome of the first')
  expect(answers[0].evidence.some((each) => each.words === 'Same date of birth' && each.weight > 0), JSON.stringify(answers[0].evidence))
  expect(answers.every((answer) => Math.abs(answer.probability - 1 / (1 + 2 ** -answer.weight)) < 1e-4), 'weight and probability disagree')
  equal(lines(search(folder, ...asked, '--model', 'm.json', '--json', '--limit', '1').out).map((answer) => answer.id), [answers[0].id], 'the first alone')
  const told = search(folder, ...asked, '--model', 'm.json').out
  expect(told.includes('R040') && told.includes('for:') && told.includes('Same date of birth'), told)
  expect(!existsSync(join(folder, 'waymark.db')), 'a store was made')
})

await test('search of a file makes a model where none is given, and says what it could not search by', (folder) => {
  write(folder, 'r.csv', csv(register()))
  const sought = register().find((row) => row.id === 'R041')
  const slip = search(folder, '--given', sought.given_name.slice(1), '--family', sought.family_name, '--dob', sought.date_of_birth, '--json')
  equal(slip.code, 0, `exit code (${slip.err})`)
  expect(lines(slip.out).some((answer) => answer.id === 'R041'), `not found by a name with a slip: ${slip.out}`)
  const none = search(folder, '--json')
  equal(none.code, 2, 'nothing is asked')
  expect(none.err.length > 10 && none.out === '', 'nothing was said of it')
  equal(waymark(folder, 'people', 'search', '--in', 'nobody.csv', '--family', 'Okafor').code, 2, 'no file')
})

// ---- bad input --------------------------------------------------------------------------------------------------------

await test('what cannot be taken as a whole is refused with its reason and nothing is written', (folder) => {
  const bad = {
    'empty': ['', /empty/], 'only a header': ['id,given_name\n', /no row/], 'nothing to compare': ['id,colour\n1,red\n', /compare/],
    'a column twice': ['id,given_name,given_name,family_name\n1,a,b,c\n', /given_name/],
  }
  for (const [what, [text, reason]] of Object.entries(bad)) {
    write(folder, 'r.csv', text)
    const done = dedupe(folder)
    equal(done.code, 2, what)
    expect(/r\.csv/.test(done.err) && reason.test(done.err), `${what}: ${done.err}`)
  }
  writeFileSync(join(folder, 'r.csv'), Buffer.from('﻿' + csv(register()), 'utf16le'))
  equal(dedupe(folder).code, 2, 'UTF-16')
  equal(waymark(folder, 'people', 'dedupe', 'nobody.csv', '--pairs', 'p.csv', '--clusters', 'c.csv').code, 2, 'no file')
  expect(!existsSync(join(folder, 'p.csv')) && leftovers(folder).length === 0, 'something was written')
})

await test('rows that cannot be taken are named by file and line, the rest is linked, and the exit code says so', (folder) => {
  const good = csv(register())
  write(folder, 'r.csv', good)
  equal(dedupe(folder).code, 0, 'good')
  const pairs = table(folder, 'p.csv').length
  writeFileSync(join(folder, 'r.csv'), Buffer.concat([Buffer.from(good),
    Buffer.from('R000,Quite,Another,1999-01-01,M,,\r\n'),       // a repeated id with other content
    Buffer.from('R001,' + good.split('\r\n').find((line) => line.startsWith('R001,')).slice(5) + '\r\n'),
    Buffer.from('X1,Zo\xeb,Okafor,2010-01-01,F,,\r\n', 'latin1'), // another encoding
    Buffer.from('X2,too,few\r\n'), Buffer.from('X3,"unclosed,a,2010-01-01,F,,\r\n')]))
  const done = dedupe(folder, '--json')
  equal(done.code, 1, 'exit code')
  const figures = lines(done.out)[0]
  equal([figures.rows, figures.taken, figures.refused, figures.repeated], [346, 341, 4, 1], 'rows')
  for (const line of [343, 345, 346, 347]) expect(done.err.includes(`r.csv:${line}"`), `line ${line} is not named: ${done.err}`)
  equal(table(folder, 'p.csv').length, pairs, 'pairs')
  const before = readFileSync(join(folder, 'p.csv'), 'utf8')
  const strict = dedupe(folder, '--strict')
  equal(strict.code, 1, 'strict')
  equal(readFileSync(join(folder, 'p.csv'), 'utf8') === before && leftovers(folder).length === 0, true, 'strict writes nothing')
})

await test('a value that is none is taken as missing and never links', (folder) => {
  write(folder, 'r.csv', csv(register()) + 'D1,Una,Solo,2010-02-31,F,NOWHERE,\r\nD2,Una,Solo,someday,F,NOWHERE,\r\nD3,Una,Solo,,F,,\r\n')
  const done = dedupe(folder)
  equal(done.code, 0, `exit code ${done.err}`)
  expect(/r\.csv:343 date_of_birth/.test(done.err) && /no date/.test(done.err) && /2 values/.test(done.err), done.err)
  expect(!table(folder, 'p.csv').some((row) => row.id_l.startsWith('D')), 'a name alone was linked')
})

await test('a field of 100 megabytes is refused in bounded memory and does not stop the rest', (folder) => {
  const file = openSync(join(folder, 'r.csv'), 'w')
  writeSync(file, csv(register()))
  for (const quote of ['', '"']) {
    writeSync(file, `H${quote ? 1 : 2},${quote}`)
    const piece = 'x'.repeat(10_000_000)
    for (let i = 0; i < 10; i += 1) writeSync(file, piece)
    writeSync(file, `${quote},Okafor,2010-01-01,F,,\r\n`)
  }
  closeSync(file)
  const done = dedupe(folder, '--json')
  equal(done.code, 1, `exit code ${done.err.slice(0, 300)}`)
  equal(lines(done.out)[0].taken, 341, 'taken')
  // Both fields together are 200 MB, so a program that held one whole would not fit.
  const low = spawnSync('bash', ['-c', `ulimit -v 250000; exec "${program}" people dedupe r.csv --pairs /dev/null --clusters /dev/null --threads 2`], { cwd: folder, encoding: 'utf8' })
  equal(low.status, 1, `in 250 MB of address space (${low.stderr.slice(0, 300)})`)
})

await test('outputs that cannot be written are refused before the work, and an input is never written over', (folder) => {
  write(folder, 'r.csv', csv(register()))
  equal(waymark(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'no/where.csv', '--clusters', 'c.csv').code, 3, 'no folder')
  equal(waymark(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'r.csv', '--clusters', 'c.csv').code, 2, 'the input')
  equal(waymark(folder, 'people', 'dedupe', 'r.csv', '--pairs', 'x.csv', '--clusters', './x.csv').code, 2, 'one file for two')
  equal(readFileSync(join(folder, 'r.csv'), 'utf8') === csv(register()), true, 'the input is whole')
  equal(leftovers(folder), [], 'files left over')
  for (const words of [['--threshold', '2'], ['--threshold', 'much'], ['--threshold', '0.9', '--precision', '0.9'], ['--precision', '-1']])
    equal(dedupe(folder, ...words).code, 2, words.join(' '))
})

// ---- report, labels ---------------------------------------------------------------------------------------------------

await test('the report is one whole file that says what was done, and shows no record where none is wanted', (folder) => {
  write(folder, 'r.csv', csv(register()))
  equal(dedupe(folder, '--truth', 'person', '--report', 'r.html', '--weights', 'w.svg').code, 0, 'exit code')
  const page = readFileSync(join(folder, 'r.html'), 'utf8')
  expect(page.startsWith('<!DOCTYPE html>') && page.trimEnd().endsWith('</html>'), 'not a whole page')
  for (const word of ['In short', 'personal data', 'people dedupe r.csv', 'Recall at precision 0.99', '<svg', 'ZEBEDEE'])
    expect(page.includes(word), `the report does not say "${word}"`)
  expect(!/<script|<link|src=|https?:\/\/(?!www\.w3\.org)/.test(page), 'the report asks for something outside')
  expect(readFileSync(join(folder, 'w.svg'), 'utf8').startsWith('<svg'), 'no chart')
  equal(dedupe(folder, '--report', 'n.html', '--no-examples').code, 0, 'exit code')
  expect(!readFileSync(join(folder, 'n.html'), 'utf8').includes('ZEBEDEE'), 'a record is shown')
})

await test('the golden figures of a small register stay as they are', (folder) => {
  write(folder, 'r.csv', csv(register()))
  const figures = lines(dedupe(folder, '--threshold', '0.9', '--truth', 'person', '--json').out)[0]
  expect(figures.linked >= 105 && figures.truth.precision === 1 && figures.truth.twins_wrongly_linked === 0, JSON.stringify(figures.truth))
  const words = dedupe(folder, '--threshold', '0.9', '--truth', 'person').out.replace(/^seconds.*$/m, 'seconds')
  const shape = words.replace(/[\d,.]*\d/g, '#')
  equal(shape, readFileSync(join(root, 'tests/golden/linkage-summary.txt'), 'utf8'), 'the summary')
})

await test('reviewed pairs are read, and refused with their line where they say nothing', (folder) => {
  write(folder, 'r.csv', csv(register()))
  write(folder, 'l.csv', 'id_l,id_r,same\r\nR000,SR000,yes\r\nR005,TWIN,no\r\n')
  equal(lines(dedupe(folder, '--labels', 'l.csv', '--json').out)[0].labels, 2, 'labels')
  write(folder, 'l.csv', 'id_l,id_r,same\r\nR000,SR000,perhaps\r\n')
  const done = dedupe(folder, '--labels', 'l.csv')
  equal(done.code, 2, 'exit code')
  expect(done.err.includes('l.csv:2'), done.err)
})

await test('what is no fault but matters is said: no column of ids, labels of records that are not there', (folder) => {
  write(folder, 'r.csv', csv(register()).replace('id,', 'colour,'))
  const numbered = dedupe(folder)
  equal(numbered.code, 0, 'exit code')
  expect(/r\.csv: there is no column of ids/.test(numbered.err), numbered.err)
  expect(table(folder, 'c.csv').every((row, i) => row.id === String(i + 1)), 'records are not named by their row')
  write(folder, 'r.csv', csv(register()))
  write(folder, 'l.csv', 'id_l,id_r,same\r\nR000,SR000,yes\r\nNOBODY,TWIN,no\r\n')
  expect(/1 of 2 reviewed pairs/.test(dedupe(folder, '--labels', 'l.csv').err), 'nothing was said')
})

await test('a record without a name and a birth date is never linked to a child of its household', (folder) => {
  write(folder, 'r.csv', csv([...register(), { ...register()[0], id: 'BARE', given_name: '', date_of_birth: '', person: '' }]))
  equal(dedupe(folder, '--threshold', '0.9', '--offered', 'o.csv').code, 0, 'exit code')
  expect(table(folder, 'p.csv').every((row) => row.id_l !== 'BARE' && row.id_r !== 'BARE'), 'linked on the household alone')
})

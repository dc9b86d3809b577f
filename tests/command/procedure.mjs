// procedure explain and replay as a safeguarding lead and an outside program use them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { concern, equal, expect, init, lines, root, run, test, waymark, writeEntries } from './harness.mjs'

const shipped = join(root, 'content/procedures/hsb-england.toml')
const next = (text) => text.replace('parameters = {days = 30}', 'parameters = {days = 7}')

await test('a procedure is explained chapter by chapter, and drawn as XML that reads', (folder) => {
  const text = run(folder, 'procedure', 'explain', shipped).out
  expect(text.includes('Chapter 1 The front door'), text.slice(0, 400))
  run(folder, 'procedure', 'explain', shipped, '--svg', 'a.svg', '--html', 'a.html')
  const svg = readFileSync(join(folder, 'a.svg'), 'utf8')
  expect(svg.startsWith('<svg ') && svg.includes('<title') && svg.includes('<desc'), svg.slice(0, 200))
  run(folder, 'procedure', 'explain', shipped, '--svg', 'b.svg')
  expect(svg === readFileSync(join(folder, 'b.svg'), 'utf8'), 'another drawing the second time')
  if (existsSync('/usr/bin/xmllint')) equal(spawnSync('xmllint', ['--noout', join(folder, 'a.svg')]).status, 0, 'xmllint')
  expect(readFileSync(join(folder, 'a.html'), 'utf8').includes('The drawing as a table'), 'no table')
})

await test('a replay tells case by case what another version would have shown, and its totals add up', (folder) => {
  init(folder)
  const raised = (id, n, at) => ({ ...concern(id, n, at), recorded: at })
  writeEntries(folder, 'a.jsonl', [raised('c1', 1, '2026-03-02T09:00:00Z'), raised('c2', 2, '2026-03-03T09:00:00Z')])
  run(folder, 'import', 'entries', 'a.jsonl')
  const text = readFileSync(shipped, 'utf8')
  writeFileSync(join(folder, 'same.toml'), text)
  writeFileSync(join(folder, 'next.toml'), next(text))
  writeFileSync(join(folder, 'gone.toml'), text.replace(/(id = "drift"[^[]*)\{days = 30\}/, '$1{days = 300}'))
  const same = lines(run(folder, 'procedure', 'replay', 'same.toml', '--json', '--as-of', '2026-06-01').out)
  equal(same.length, 1, 'the version in force')
  equal(same[0].totals.changed, 0, 'changed')
  const told = lines(run(folder, 'procedure', 'replay', 'next.toml', '--json', '--as-of', '2026-06-01').out)
  const totals = told.pop().totals
  equal(told.length, totals.changed, 'cases')
  for (const what of ['due', 'blocked', 'shown']) {
    equal(told.reduce((sum, one) => sum + one[what].length, 0), totals[what], what)
    equal(Object.values(totals.by[what]).reduce((a, b) => a + b, 0), totals[what], `by ${what}`)
  }
  expect(told.length > 0 && told[0].shown.some((cue) => cue.id === 'drift' && cue.earlier_days === 23), JSON.stringify(told[0]))
  const gone = lines(run(folder, 'procedure', 'replay', 'gone.toml', '--json', '--as-of', '2026-06-01').out)
  const missed = gone.pop().totals.no_longer
  equal(missed.cases, 2, 'cases with something no longer shown')
  equal(gone.reduce((sum, one) => sum + one.no_longer.shown.length, 0), missed.shown, 'no longer shown')
  equal(missed.by.shown.drift, missed.shown, 'no longer shown, by cue')
  expect(gone.every((one) => one.shown.length === 0), 'shown')
  const words = run(folder, 'procedure', 'replay', 'gone.toml', '--as-of', '2026-06-01').out
  expect(/no longer shown +\d{4}-\d\d-\d\d {2}drift/.test(words) && words.includes('in 2 cases no longer: 0 duties'), words)
  const none = lines(run(folder, 'procedure', 'replay', 'next.toml', '--json', '--as-of', '2026-06-01', '--to', '2026-03-01').out)
  equal(none.pop().totals.changed, 0, 'before the period')
})

await test('a version that cannot be read is refused with file, line and mend', (folder) => {
  init(folder)
  writeFileSync(join(folder, 'bad.toml'), readFileSync(shipped, 'utf8') + '\n[[rule]]\nid = "x"\nrelation = "wish"\n')
  const done = waymark(folder, 'procedure', 'replay', 'bad.toml')
  equal(done.code, 2, 'exit code')
  expect(/bad\.toml:\d+/.test(done.err), done.err)
})

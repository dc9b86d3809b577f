// Prompts put aside and meetings at the command line.
import { concern, child, equal, expect, init, lines, run, test, waymark, writeEntries } from './harness.mjs'

const about = (id, kind, at, body, more = {}) => ({
  kind, at, agency: 'csc', author: 'f.door', id, body,
  subjects: [{ involvement: 'displayed', identity: child(1) }], ...more,
})
const decided = [
  concern('c1', 1, '2026-02-02T09:00:00Z'),
  about('t1', 'triage.decided', '2026-02-03T09:00:00Z', { outcome: 'advice' }, { about: 'school/c1' }),
  concern('c2', 1, '2026-03-02T09:00:00Z'),
  about('t2', 'triage.decided', '2026-03-02T10:00:00Z', { outcome: 'assessment' }, { about: 'school/c2' }),
]
const open = (folder, day) =>
  lines(run(folder, 'standing', '--json', '--as-of', day).out).find((one) => !one.closed)
const recorded = (entries) => entries.map((entry) => ({ recorded: entry.at, ...entry }))

await test('a prompt put aside through import is hidden until its day, and told as put aside', (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', recorded([...decided,
    about('d1', 'cue.dismissed', '2026-03-03T09:00:00Z', { cue: 'not-all-agencies-met', reason: 'A date is fixed.', until: '2026-03-10' })]))
  run(folder, 'import', 'entries', 'a.jsonl')
  const ids = (standing) => standing.cues.map((cue) => cue.id)
  expect(ids(open(folder, '2026-03-02')).includes('not-all-agencies-met'), 'it does not show before')
  const aside = open(folder, '2026-03-10')
  expect(!ids(aside).includes('not-all-agencies-met'), 'it shows although it was put aside')
  equal(aside.dismissed.map((one) => [one.id, one.until]), [['not-all-agencies-met', '2026-03-10']], 'what is put aside')
  const after = open(folder, '2026-03-11')
  expect(ids(after).includes('not-all-agencies-met'), 'it does not show again')
  const cue = after.cues.find((one) => one.id === 'not-all-agencies-met')
  equal([cue.owner, cue.expires], ['social-care-manager', null], 'owner and expiry')
  expect(cue.why.length > 10 && cue.ends.length > 10 && cue.entries.length > 0, 'it does not say why')
})

await test('the first day on which all required agencies met is told, and who was missing until then', (folder) => {
  init(folder)
  const met = (id, at, attended) => about(id, 'strategy.held', at, { attended })
  writeEntries(folder, 'a.jsonl', recorded([...decided,
    met('m1', '2026-03-04T09:00:00Z', ['csc', 'police', 'education']),
    met('m2', '2026-03-12T09:00:00Z', ['csc', 'police', 'education', 'health'])]))
  run(folder, 'import', 'entries', 'a.jsonl')
  const never = (day) => lines(run(folder, 'meetings', '--never', '--json', '--as-of', day).out)
  equal(never('2026-03-05').map((one) => [one.missing, one.meetings, one.past_triage, one.all_agencies_met]),
    [[['health'], 1, true, null]], 'before')
  equal(never('2026-03-13'), [], 'after')
  const all = lines(run(folder, 'meetings', '--json', '--as-of', '2026-03-13').out)
  equal([all.length, all[0].all_agencies_met, all[0].days], [1, '2026-03-12', 10], 'the first day')
  equal(open(folder, '2026-03-13').all_agencies_met, '2026-03-12', 'in the standing')
  equal(open(folder, '2026-03-11').all_agencies_met, null, 'in the standing before')
  expect(run(folder, 'meetings', '--never', '--as-of', '2026-03-05').out.includes('missing: health'), 'not said in words')
})

await test('who may not read the record is not told who has met', (folder) => {
  init(folder)
  writeEntries(folder, 'a.jsonl', decided)
  run(folder, 'import', 'entries', 'a.jsonl')
  const refused = waymark(folder, 'meetings', '--never', '--json', '--as', 'x.admin', '--purpose', 'operation')
  expect(refused.code !== 0 && refused.out === '', `it was told: ${refused.out}`)
})

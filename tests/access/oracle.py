#!/usr/bin/env python3
"""The access decision a second time, from the policy table and the domain register alone.

    oracle.py PROGRAM CONTENT_DIR

Reads content/access/matrix.toml with the standard library, answers every cell that PROGRAM (access_cells) names, and
compares. Then lets PROGRAM change the policy one rule at a time: these answers must tell every change. Ends with
"N passed, M failed": a role in a block of cells counts as one, and so does a change.

The rules, from docs/access.md (domain register 4.1 and 4.2, design section 7). The first step that says no decides:
  1 role          the policy has a row for it
  2 relationship  nobody opens their own record or a relative's; a record opens only to a relationship in the row's reach,
                  or, for reading, by what the own agency wrote of a child it knows (`beyond`); who may not search for
                  other agencies' children is not told of one whom the own agency does not know
  3 restriction   who is not named for it, or is named as shut out, sees nothing of a restricted record
  4 kind          something of this kind is seen, or may be made
  5 action        the row gives the act; an entry is made only for one's own agency
  6 case state    of a closed case at most so much
  7 purpose       the policy has it, and it is one of the role's
A concern may always be raised: relationship and restriction do not stop it.
"""
import json
import multiprocessing
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

STEPS = ['allowed', 'role', 'relationship', 'restriction', 'kind', 'action', 'case-state', 'purpose']
DEPTHS = ['none', 'dates', 'summary', 'full']
OF_A_CHILD = {'read', 'append', 'decide-identity', 'export', 'reveal-address'}
KEY_OF = {'search': 'search', 'decide-identity': 'decide_identity', 'export': 'export_record', 'fold': 'fold',
          'administer': 'administer', 'oversee': 'oversee', 'reveal-address': 'reveal_address'}


class Table:
    """The policy file, with the names of sets put in their place."""

    def __init__(self, path):
        raw = tomllib.loads(path.read_text())
        self.purposes = set(raw['purposes'])
        self.levels = raw['restriction']['level']
        self.part_of = {kind: part for part, kinds in raw['parts'].items() for kind in kinds}
        self.parts = list(raw['parts']) + ['chronology']
        self.always = self.expand(raw['always']['appends'], raw['sets'])
        self.roles = {}
        for row in raw['role']:
            row = dict(row)
            row['reach'] = self.expand(row.get('reach', []), raw['reach_sets'])
            row['appends'] = self.expand(row.get('appends', []), raw['sets'])
            row['purposes'] = self.expand(row.get('purposes', []), raw['purpose_sets'])
            row['opens'] = set(row.get('opens', []))
            self.roles[row['role']] = row

    @staticmethod
    def expand(words, sets):
        out = set()
        for word in words:
            out.update(sets[word] if word in sets else [word])
        return out

    def depth_of_others(self, row, kind):
        if kind:
            return DEPTHS.index(row.get(self.part_of.get(kind, 'chronology'), 'none'))
        return max(DEPTHS.index(row.get(part, 'none')) for part in self.parts)


def is_shut_out(table, row, relationship, level, named):
    if level == 'team':
        return False
    if level == 'all-but-named':
        return named
    if named or (row is not None and level in row['opens']):
        return False
    return not (relationship == 'glass' and table.levels[level]['glass'])


def answer(table, role, relationship, own, level, named, action, kind, state, purpose):
    """(step, depth, told)"""
    row = table.roles.get(role)
    asks_of_people = action in OF_A_CHILD or action == 'search'
    shut = asks_of_people and is_shut_out(table, row, relationship, level, named)
    told = not shut or table.levels[level]['told']

    if row is None:
        return 'role', 0, told

    may_always = action == 'append' and kind in table.always
    only_own = False
    if asks_of_people and not may_always:
        if relationship == 'conflict':
            return 'relationship', 0, told
        if action != 'search' and relationship not in row['reach']:
            beyond = row.get('beyond', 'none')
            if not (action == 'read' and own and beyond != 'none' and relationship in ('known', 'ended')):
                may_search = row.get('search', 'none') == 'all'
                return 'relationship', 0, told and (relationship != 'none' or may_search)
            only_own = True

    if shut and not may_always:
        return 'restriction', 0, told

    depth = 3
    if action in ('read', 'export', 'reveal-address'):
        if only_own:
            depth = DEPTHS.index(row['beyond'])
        else:
            depth = table.depth_of_others(row, kind)
            if own:
                depth = max(depth, DEPTHS.index(row.get('own', 'none')))
        if depth == 0:
            return 'kind', 0, told
    if action == 'append':
        if (kind not in row['appends']) if kind else (not row['appends']):
            return 'kind', 0, told

    if action == 'append' and not own:
        return 'action', 0, told
    if action in KEY_OF:
        scope = row.get(KEY_OF[action], 'none')
        if scope == 'none' or (scope == 'own' and not own):
            return 'action', 0, told

    if action in ('read', 'export', 'reveal-address') and state == 'closed':
        depth = min(depth, DEPTHS.index(row.get('closed', 'full')))
        if depth == 0:
            return 'case-state', 0, told

    if purpose not in table.purposes or purpose not in row['purposes']:
        return 'purpose', 0, told
    return 'allowed', depth, told


def cells_of(family):
    for relationship in family['relationships']:
        for own in family['own']:
            for level, named in family['marked']:
                for action, kind in family['acts']:
                    for state in family['states']:
                        for purpose in family['purposes']:
                            yield relationship, own, level, named, action, kind, state, purpose


def block(task):
    content, role, family = task
    table = Table(Path(content) / 'access/matrix.toml')
    byte = {step: i for i, step in enumerate(STEPS)}
    out = bytearray()
    for cell in cells_of(family):
        step, depth, told = answer(table, role, *cell)
        out.append(byte[step] | depth << 3 | (32 if told else 0))
    return bytes(out)


def in_words(code):
    return f'{STEPS[code & 7]}, seen: {DEPTHS[code >> 3 & 3]}, told: {bool(code & 32)}'


def main():
    program, content = sys.argv[1:]
    output = subprocess.run([program, content, 'cells'], check=True, stdout=subprocess.PIPE).stdout
    head, theirs = output.split(b'\n', 1)
    space = json.loads(head)
    tasks = [(content, role, family) for family in space['families'] for role in space['roles']]
    with multiprocessing.Pool(2) as pool:
        blocks = pool.map(block, tasks, chunksize=1)
    mine = b''.join(blocks)
    failed = 0
    if len(mine) != len(theirs):
        print(f'{len(mine)} cells here, {len(theirs)} there')
        failed += 1
    wrong = 0
    blocks_wrong = 0
    at = 0
    for (_, role, family), answers in zip(tasks, blocks):
        there = theirs[at:at + len(answers)]
        at += len(answers)
        if there == answers:
            continue
        blocks_wrong += 1
        for cell, here, other in zip(cells_of(family), answers, there):
            if here != other:
                wrong += 1
                if wrong <= 10:
                    print(f'{role} {cell}: here {in_words(here)}; there {in_words(other)}')
    print(f'{len(mine)} cells compared, {wrong} differ')
    failed += blocks_wrong
    failed += len(mine) < 500_000
    with tempfile.NamedTemporaryFile() as file:
        file.write(mine)
        file.flush()
        done = subprocess.run([program, content, 'mutants', file.name], stdout=subprocess.PIPE, text=True)
    print(done.stdout, end='')
    words = done.stdout.split()
    mutants, missed = (int(words[-3]), int(words[-1])) if done.returncode in (0, 1) else (0, 0)
    failed += missed + (mutants < 1_000)
    print(f'{len(blocks) - blocks_wrong + mutants - missed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

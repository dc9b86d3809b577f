-- Version 3. Which prompts interrupted whom, and since when: at most a few interrupt a person a day, over all the cases that
-- they look at, whichever server answers. Rows of other days go with what expires.
create table prompt (
    partnership integer not null,
    practitioner text not null,
    case_id blob not null,
    cue text not null,
    shown integer not null,
    primary key (partnership, practitioner, case_id, cue)
) strict, without rowid;

-- Who has met, as the fold of the case last told it; null: not folded since this version. An index over the entries,
-- rebuildable.
alter table casefile add column gathered integer;
alter table casefile add column gathered_since integer;
alter table casefile add column gathered_plain integer;
alter table casefile add column gathered_until integer;
create index casefile_gathered on casefile (partnership, gathered, gathered_since, case_id, gathered_plain, gathered_until);

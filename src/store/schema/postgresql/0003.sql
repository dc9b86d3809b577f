-- Version 3. Which prompts interrupted whom, and since when: at most a few interrupt a person a day, over all the cases that
-- they look at, whichever server answers. Rows of other days go with what expires.
create table prompt (
    partnership smallint not null,
    practitioner text collate "C" not null,
    case_id bytea not null,
    cue text collate "C" not null,
    shown bigint not null,
    primary key (partnership, practitioner, case_id, cue)
);

-- Who has met, as the fold of the case last told it; null: not folded since this version. An index over the entries,
-- rebuildable.
alter table casefile add column gathered smallint;
alter table casefile add column gathered_since bigint;
alter table casefile add column gathered_plain smallint;
alter table casefile add column gathered_until bigint;
create index casefile_gathered on casefile (partnership, gathered, gathered_since, case_id, gathered_plain, gathered_until);

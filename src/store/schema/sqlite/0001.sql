-- Version 1, SQLite. A migration never changes once a store has been made with it: later ones add to it.
-- Instants are microseconds since 1970 (UTC); ids are 16 bytes; a nil id is NULL except where it is part of a key.
-- Every key begins with the partnership.

create table migration (version integer not null primary key, applied integer not null) strict;

create table partnership (
    partnership integer not null primary key,
    key text not null unique,
    name text not null,
    profile text not null,
    demonstration integer not null
) strict;

-- One child's record lies together and in the order in which it is folded.
create table entry (
    partnership integer not null,
    record blob not null,
    at integer not null,
    recorded integer not null,
    entry blob not null,
    date_only integer not null,
    kept integer not null,
    case_id blob,
    case_seq integer not null,
    agency text not null,
    author text not null,
    kind text not null,
    source_id text not null,
    about blob,
    supersedes blob,
    incident text not null,
    marking text not null,
    digest blob not null,
    salt blob not null,
    card blob not null,
    primary key (partnership, record, at, recorded, entry)
) strict, without rowid;
create unique index entry_by_id on entry (partnership, entry);
create unique index entry_by_source on entry (partnership, source_id, agency) where source_id <> '';

-- A table with rowids: texts are long, and a clustered table would keep them in its inner pages too.
create table entry_text (
    partnership integer not null,
    entry blob not null,
    text blob not null,
    primary key (partnership, entry)
) strict;

create table view (
    partnership integer not null,
    view blob not null,
    agency text not null,
    source text not null,
    source_id text not null,
    person blob not null,
    version integer not null,
    recorded integer not null,
    identity blob not null,
    primary key (partnership, view)
) strict;
create unique index view_by_key on view (partnership, source_id, source, agency);
create index view_by_person on view (partnership, person);

create table view_version (
    partnership integer not null,
    view blob not null,
    version integer not null,
    recorded integer not null,
    entry blob,
    identity blob not null,
    primary key (partnership, view, version)
) strict;

create table token (
    partnership integer not null,
    token integer not null,
    view blob not null,
    primary key (partnership, token, view)
) strict, without rowid;
create index token_by_view on token (partnership, view);

create table link (
    partnership integer not null,
    a blob not null,
    b blob not null,
    state integer not null,
    weight real not null,
    decided_by blob,
    evidence blob not null,
    made integer not null,
    primary key (partnership, a, b)
) strict, without rowid;
create index link_by_b on link (partnership, b);
create index link_by_state on link (partnership, state, made);

create table casefile (
    partnership integer not null,
    case_id blob not null,
    record blob not null,
    agency text not null,
    source_key text not null,
    procedure text not null,
    opened integer not null,
    closed integer,
    next_seq integer not null,
    primary key (partnership, case_id)
) strict, without rowid;
create unique index casefile_by_key on casefile (partnership, source_key, agency) where source_key <> '';
create index casefile_by_record on casefile (partnership, record);

create table duty (
    partnership integer not null,
    case_id blob not null,
    ordinal integer not null,
    record blob not null,
    duty text not null,
    raised_by blob,
    due integer not null,
    owner text not null,
    state text not null,
    kind text not null,
    summary text not null,
    primary key (partnership, case_id, ordinal)
) strict, without rowid;
create index duty_unmet on duty (partnership, due) where state in ('open', 'overdue');
create index duty_unmet_by_owner on duty (partnership, owner, due) where state in ('open', 'overdue');

create table audit (
    partnership integer not null,
    position integer not null,
    at integer not null,
    practitioner text not null,
    agency text not null,
    role text not null,
    session text not null,
    action text not null,
    purpose text not null,
    basis text not null,
    route text not null,
    record blob,
    case_id blob,
    entries text not null,
    result text not null,
    rule text not null,
    policy text not null,
    origin text not null,
    primary key (partnership, position)
) strict, without rowid;
create index audit_by_record on audit (partnership, record, position) where record is not null;

create table session (
    partnership integer not null,
    token blob not null,
    practitioner text not null,
    created integer not null,
    seen integer not null,
    expires integer not null,
    csrf text not null,
    primary key (partnership, token)
) strict, without rowid;

create table draft (
    partnership integer not null,
    draft blob not null,
    practitioner text not null,
    form text not null,
    saved integer not null,
    expires integer not null,
    fields blob not null,
    primary key (partnership, draft)
) strict;
create index draft_by_practitioner on draft (partnership, practitioner, saved);

create table secret (
    partnership integer not null,
    name text not null,
    sealed blob not null,
    primary key (partnership, name)
) strict, without rowid;

-- The log: a leaf waits in the queue until the sequencer gives it its index.
create table leaf_queue (
    partnership integer not null,
    position integer not null,
    entry blob not null,
    leaf blob not null,
    primary key (partnership, position)
) strict, without rowid;

create table leaf (
    partnership integer not null,
    log_index integer not null,
    entry blob not null,
    leaf blob not null,
    primary key (partnership, log_index)
) strict, without rowid;
create unique index leaf_by_entry on leaf (partnership, entry);

create table log_state (
    partnership integer not null primary key,
    size integer not null,
    frontier blob not null,
    fence integer not null
) strict;

create table checkpoint (
    partnership integer not null,
    size integer not null,
    at integer not null,
    note text not null,
    primary key (partnership, size)
) strict;

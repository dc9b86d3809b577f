-- Version 9. A search opens some fifty views that lie anywhere among all: as a table with rowids each was looked up twice, once
-- in the index for where the row is and once for the row.
create table view_by_id (
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
) strict, without rowid;
insert into view_by_id (partnership, view, agency, source, source_id, person, version, recorded, identity)
    select partnership, view, agency, source, source_id, person, version, recorded, identity from view
    order by partnership, view;
drop table view;
alter table view_by_id rename to view;
create unique index view_by_key on view (partnership, source_id, source, agency);
create index view_by_person on view (partnership, person);

-- Version 6. A line of the audit says more, and keeps the personal parts sealed: practitioner, session, origin and what a
-- person typed stand in `sealed`, and `who` is the keyed tag under which a practitioner's lines are found. Lines from
-- before keep them in the columns of version 1, which new lines leave empty.
alter table audit add column who bytea;
alter table audit add column strength text collate "C" not null default '';
alter table audit add column relationship text collate "C" not null default '';
alter table audit add column shown bytea;
alter table audit add column fields text collate "C" not null default '';
alter table audit add column sealed bytea;
-- "Who has looked", filtered, is answered from the index.
drop index audit_by_record;
create index audit_of_record on audit (partnership, record, at, position, agency, action, result) where record is not null;
create index audit_of_who on audit (partnership, who, at, position) where who is not null;

-- Raised by whatever may change who may see what: a reading that began before is not shown after.
create table access_epoch (
    partnership smallint not null primary key,
    epoch bigint not null
);

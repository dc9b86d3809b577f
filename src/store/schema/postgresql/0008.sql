-- Version 8. How somebody signed in, who may still, accounts of this store's own, and the steps on the way to a session.
alter table session add column strength text collate "C" not null default 'name';
alter table session add column issuer text collate "C" not null default 'demo';
alter table session add column subject bytea not null default '';
alter table session add column login bytea not null default '';
alter table session add column details bytea not null default '';
create index session_by_practitioner on session (partnership, practitioner);

-- What was said of a practitioner since a server may have opened its profile: another agency or role (empty agency: works
-- here no longer), access closed; and their last sign-in.
create table engagement (
    partnership smallint not null,
    practitioner text collate "C" not null,
    agency text collate "C",
    role text collate "C",
    closed bigint,
    last_sign_in bigint,
    last_issuer text collate "C" not null,
    last_strength text collate "C" not null,
    primary key (partnership, practitioner)
);

create table account (
    partnership smallint not null,
    practitioner text collate "C" not null,
    changed bigint not null,
    sealed bytea not null,
    primary key (partnership, practitioner)
);

create table sign_in_step (
    partnership smallint not null,
    token bytea not null,
    kind text collate "C" not null,
    expires bigint not null,
    sealed bytea not null,
    primary key (partnership, token)
);

-- Guesses, counted under keyed tags of what they were made at; rows go a day after the last one.
create table sign_in_tally (
    partnership smallint not null,
    tag bytea not null,
    failures bigint not null,
    last bigint not null,
    primary key (partnership, tag)
);

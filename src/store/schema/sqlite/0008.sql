-- Version 8. How somebody signed in, who may still, accounts of this store's own, and the steps on the way to a session.
alter table session add column strength text not null default 'name';
alter table session add column issuer text not null default 'demo';
alter table session add column subject blob not null default x'';
alter table session add column login blob not null default x'';
alter table session add column details blob not null default x'';
create index session_by_practitioner on session (partnership, practitioner);

-- What was said of a practitioner since a server may have opened its profile: another agency or role (empty agency: works
-- here no longer), access closed; and their last sign-in.
create table engagement (
    partnership integer not null,
    practitioner text not null,
    agency text,
    role text,
    closed integer,
    last_sign_in integer,
    last_issuer text not null,
    last_strength text not null,
    primary key (partnership, practitioner)
) strict, without rowid;

create table account (
    partnership integer not null,
    practitioner text not null,
    changed integer not null,
    sealed blob not null,
    primary key (partnership, practitioner)
) strict, without rowid;

create table sign_in_step (
    partnership integer not null,
    token blob not null,
    kind text not null,
    expires integer not null,
    sealed blob not null,
    primary key (partnership, token)
) strict, without rowid;

-- Guesses, counted under keyed tags of what they were made at; rows go a day after the last one.
create table sign_in_tally (
    partnership integer not null,
    tag blob not null,
    failures integer not null,
    last integer not null,
    primary key (partnership, tag)
) strict, without rowid;

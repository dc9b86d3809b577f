-- Version 12. What is kept for lists is what everybody may know: a case that a marked entry opened says so, and whoever sees some
-- of the marked entries finds them without a scan.
alter table casefile add column marking text collate "C" not null default 'team';
update casefile set marking = (
    select e.marking from entry e
    where e.partnership = casefile.partnership and e.record = casefile.record and e.case_id = casefile.case_id
        and e.case_seq = 1 and e.marking <> 'team')
where exists (
    select 1 from entry e
    where e.partnership = casefile.partnership and e.record = casefile.record and e.case_id = casefile.case_id
        and e.case_seq = 1 and e.marking <> 'team');
create index entry_marked on entry (partnership, marking, record, kind, agency) where marking <> 'team';

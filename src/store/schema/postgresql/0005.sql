-- Version 5. Who leads a case, as the fold of the case last told it: for "my day" and a team's caseload. An index over the entries,
-- rebuildable.
alter table casefile add column lead text collate "C" not null default '';
create index casefile_lead on casefile (partnership, lead, opened, case_id) where lead <> '';

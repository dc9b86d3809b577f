-- Version 13. Unmet duties of one rule: without it every list of what is owed for one reason read all that is owed.
create index duty_unmet_by_rule on duty (partnership, duty, due) where state in ('open', 'overdue');
-- And the children whom one agency knows: of a small one, without reading everybody's.
create index view_by_agency on view (partnership, agency, view);
-- Who leads is asked of open cases only: the closed ones of years stood in between.
drop index casefile_lead;
create index casefile_lead on casefile (partnership, lead, opened, case_id) where lead <> '' and closed is null;
insert into sqlite_stat1 (tbl, idx, stat) values
    ('duty', 'duty_unmet_by_rule', '50000 50000 1000 2'),
    ('casefile', 'casefile_lead', '20000 20000 50 1 1'),
    ('view', 'view_by_agency', '100000 100000 10000 1');
analyze sqlite_schema;

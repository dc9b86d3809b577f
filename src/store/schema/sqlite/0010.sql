-- Version 10. What SQLite cannot know of a store that was never analysed: a store holds one partnership or few, so that this column
-- alone selects nothing. Without it, it read all views for one person's, and all entries for those that say who may see what. The
-- numbers are what a large partnership has; they only weigh one index against another, and stay as they are.
analyze partnership;
insert into sqlite_stat1 (tbl, idx, stat) values
    ('entry', 'entry', '1000000 1000000 20 1 1 1'),
    ('entry', 'entry_by_id', '1000000 1000000 1'),
    ('entry', 'entry_by_source', '1000000 1000000 1 1'),
    ('entry', 'entry_access', '2000 2000 200 1 1 1'),
    ('entry', 'entry_raised_by', '50000 50000 10000 50 1'),
    ('view', 'view', '100000 100000 1'),
    ('view', 'view_by_key', '100000 100000 1 1 1'),
    ('view', 'view_by_person', '100000 100000 2'),
    ('casefile', 'casefile', '100000 100000 1'),
    ('casefile', 'casefile_by_key', '100000 100000 1 1'),
    ('casefile', 'casefile_by_record', '100000 100000 2'),
    ('casefile', 'casefile_gathered', '100000 100000 5000 10 1 1 1'),
    ('casefile', 'casefile_lead', '20000 20000 50 1 1'),
    ('duty', 'duty', '300000 300000 5 1'),
    ('duty', 'duty_unmet', '50000 50000 50'),
    ('duty', 'duty_unmet_by_owner', '50000 50000 5000 5'),
    ('audit', 'audit', '1000000 1000000 1'),
    ('audit', 'audit_of_record', '1000000 1000000 50 1 1 1 1 1'),
    ('audit', 'audit_of_who', '1000000 1000000 2000 1 1'),
    ('session', 'session', '1000 1000 1'),
    ('session', 'session_by_practitioner', '1000 1000 3');
analyze sqlite_schema;

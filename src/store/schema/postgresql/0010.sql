-- Version 10. SQLite alone is told how selective its indexes are; PostgreSQL finds out by itself.
comment on table view is 'Views of persons, one an agency, source and id';

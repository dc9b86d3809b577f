-- Version 9. SQLite alone keeps its views otherwise from here on; here nothing changes.
comment on table view is 'Views of persons, one an agency, source and id';

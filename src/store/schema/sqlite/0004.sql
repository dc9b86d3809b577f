-- Version 4. Who may see a child's record is asked at each look: the few entries that say so are found without a scan.
create index entry_access on entry (partnership, at, recorded, entry)
    where kind in ('restriction.set', 'restriction.lifted', 'access.granted');

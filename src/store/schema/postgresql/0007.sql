-- Version 7. Beside what restricts and gives: emergencies, conflicts of interest, and what a second person agrees to.
drop index entry_access;
create index entry_access on entry (partnership, kind, at, recorded, entry)
    where kind in ('restriction.set', 'restriction.lifted', 'restriction.reviewed', 'access.granted', 'glass.broken',
                   'glass.reviewed', 'conflict.found', 'conflict.cleared', 'connection.declared', 'connection.ended',
                   'approval.asked', 'approval.given', 'approval.used');

-- Version 14. Beside what restricts and gives: which two records belong together, without being in either.
drop index entry_access;
create index entry_access on entry (partnership, kind, at, recorded, entry)
    where kind in ('restriction.set', 'restriction.lifted', 'restriction.reviewed', 'access.granted', 'glass.broken',
                   'glass.reviewed', 'conflict.found', 'conflict.cleared', 'connection.declared', 'connection.ended',
                   'approval.asked', 'approval.given', 'approval.used', 'look.answered', 'contact.set', 'advice.asked',
                   'advice.given', 'pairing.recorded', 'pairing.answered', 'pairing.ended');

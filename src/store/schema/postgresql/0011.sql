-- Version 11. Which looks seem wrong is answered from the audit in the order of time, and when somebody last looked at one
-- record from the index of their looks. Beside what restricts and gives: what was said of such looks, where people are
-- reached, and advice that is asked without a child.
drop index audit_of_who;
create index audit_of_who on audit (partnership, who, record, at, position) where who is not null;
create index audit_in_time on audit (partnership, at, position, who, record, action, relationship, route, result);
drop index entry_access;
create index entry_access on entry (partnership, kind, at, recorded, entry)
    where kind in ('restriction.set', 'restriction.lifted', 'restriction.reviewed', 'access.granted', 'glass.broken',
                   'glass.reviewed', 'conflict.found', 'conflict.cleared', 'connection.declared', 'connection.ended',
                   'approval.asked', 'approval.given', 'approval.used', 'look.answered', 'contact.set', 'advice.asked',
                   'advice.given');

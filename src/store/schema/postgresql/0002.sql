-- Version 2. A raiser asks what became of their own concerns; only these entries are in the index, so that an import of other
-- kinds pays nothing for it.
create index entry_raised_by on entry (partnership, agency, author, at) where kind = 'concern.raised';

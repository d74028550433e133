-- Reasons that were typed later: rows of the history that name the row they are about, which itself is never changed.
create index if not exists rollout_changes_notes
    on gateway.rollout_changes (((after ->> 'about')::bigint)) where what = 'note';

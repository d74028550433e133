-- What the version in question does to the user, beside the one class of a pair. Null: compared before this was judged.
alter table gateway.comparisons add column harms text[];            -- each once, the worst first; empty: none
alter table gateway.comparisons add column gains text[];            -- found, filled
alter table gateway.comparisons add column conversations integer;   -- of the export: rates are told apart by its size

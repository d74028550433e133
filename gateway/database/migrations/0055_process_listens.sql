-- Whether a process hears of changes at once, or only looks every second. Null: an older release wrote the row.
alter table gateway.processes add column if not exists listens boolean;

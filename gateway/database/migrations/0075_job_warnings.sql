-- What of the export its result says was left out or unread: counts, no words of the user's. Null: the job is not
-- complete, or an earlier version of the gateway closed it.

alter table processing_jobs add column if not exists warnings text[];

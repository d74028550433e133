-- Data rollbacks from one version, ordered over HTTP: users of `source` alone, to `target`, and then to each of `older`.
-- `older` is null where a terminal drives the run, or where it is about all users. A worker of the release before would
-- not know of `source`, so such a run is not marked as one that it drives (`by_worker`).
alter table gateway.restore_runs
    add column if not exists source text,
    add column if not exists older text[];

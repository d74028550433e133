-- Up to which change of the flags' own log (Unleash's events) the history is written, and for which version of the flags
-- that was noted: a process of the release before writes a version alone, and the mark does not hold for it.
alter table gateway.rollout_known
    add column if not exists mark bigint,
    add column if not exists mark_version text;

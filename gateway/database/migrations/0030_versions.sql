-- Any number of versions, each behind its own flag.

-- What each flag that was asked said of the job's user: [[version, dial, on, bucket], ...], newest version first.
alter table processing_jobs add column if not exists dials jsonb;

-- Whose dial a ramp raises; null in a row that an older release writes: the candidate's.
alter table gateway.ramps add column if not exists pipeline text;
update gateway.ramps
set pipeline = coalesce((select rollout ->> 'candidate' from gateway.rollout_known), 'v2')
where pipeline is null;

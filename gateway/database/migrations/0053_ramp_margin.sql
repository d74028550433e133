-- By how much the share of failed users may be higher at most, in a ramp: 0 to 1. An older release writes the default.
alter table gateway.ramps add column if not exists margin double precision not null default 0.05;

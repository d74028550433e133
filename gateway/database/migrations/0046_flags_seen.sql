-- Which flags were ever seen to exist: a process that is started while they are gone has to tell it, too. An older release
-- writes what each flag says now, and leaves this as it is.
alter table gateway.rollout_known add column if not exists flags_seen text[] not null default '{}';
update gateway.rollout_known
set flags_seen = array(select key from jsonb_each_text(rollout -> 'contents') where value <> '' order by key)
where rollout ? 'contents';

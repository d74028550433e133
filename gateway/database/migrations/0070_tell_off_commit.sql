-- Workers are told of new entries off the commit that makes them. A NOTIFY inside a commit holds a lock of the whole
-- database until the commit is on the disk. Processes of this release tell in the engine's own channels, so workers of
-- the previous one hear them too; entries that its API processes make meanwhile are found by looking, within a second.
create or replace function gateway.tell_queues() returns trigger language plpgsql as $$
begin
    return null;
end $$;

-- Without waiting for whoever writes at length: a trigger that is left does nothing.
do $$
declare
    before text := current_setting('lock_timeout');
begin
    begin
        perform set_config('lock_timeout', '500ms', true);
        drop trigger if exists gateway_tell_queues on procrastinate_jobs;
    exception when lock_not_available then
        raise notice 'the trigger gateway_tell_queues stays, and does nothing';
    end;
    perform set_config('lock_timeout', before, true);
end $$;

-- What is ready in a queue has an empty `scheduled_at`; what was put back for later becomes ready when it is due.
create index if not exists procrastinate_jobs_ready
    on procrastinate_jobs (queue_name, (-priority), id) where status = 'todo' and scheduled_at is null;
create index if not exists procrastinate_jobs_put_off
    on procrastinate_jobs (scheduled_at) where status = 'todo' and scheduled_at is not null;

-- Messages are found by their lock, as jobs are by their user's.
update procrastinate_jobs set lock = 'outbox:' || (args ->> 'message_id')
where task_name = 'deliver' and lock is null;

-- An entry in the queue costs half as much to make. The engine's triggers told of each entry twice and wrote each change
-- of its state into a table that nobody here reads; `settle_engine.sql` turns those off. This one tells of many
-- entries made by one statement once: a worker that hears of one takes all that it has room for.

create or replace function gateway.tell_queues() returns trigger language plpgsql as $$
begin
    perform pg_notify(
        'procrastinate_queue_v1#' || queue_name, json_build_object('type', 'job_inserted', 'job_id', min(id))::text
    )
    from made where status = 'todo' group by queue_name;
    return null;
end $$;

drop trigger if exists gateway_tell_queues on procrastinate_jobs;
create trigger gateway_tell_queues after insert on procrastinate_jobs
    referencing new table as made for each statement execute function gateway.tell_queues();

-- A user who leaves: everything about them goes from every table, jobs under way included.

-- How many rows of each table went. The job's row goes first: a transaction that publishes holds it, so this waits until
-- that is over, and whatever the run does afterwards finds its claim lost. The profile comes next, which everybody holds
-- who changes live data. Then every table of ours that has a `user_id`, those of later versions too; what belongs to a
-- job alone goes with it. Where users have UUIDs, a text that is none is nobody.
create function gateway.forget_user(departed text) returns jsonb language plpgsql as $$
declare
    canonical text;  -- as the column's type spells it
    removed jsonb;
begin
    begin
        select row.user_id::text into canonical
        from jsonb_populate_record(null::processing_jobs, jsonb_build_object('user_id', departed)) as row;
    exception when invalid_text_representation then
        return '{}';
    end;
    for attempt in 1..5 loop
        begin
            removed := gateway.forget_rows(array[departed, canonical]);
            return removed;
        exception when deadlock_detected then  -- with a run that was writing: what it held is free now
            if attempt = 5 then
                raise;
            end if;
        end;
    end loop;
end $$;

create function gateway.forget_rows(names text[]) returns jsonb language plpgsql as $$
declare
    jobs text[];
    item text;
    gone bigint;
    removed jsonb;
begin
    execute format(
        'with gone as (delete from processing_jobs where user_id = any(%L) returning id::text as id) '
        'select coalesce(array_agg(id), ''{}'') from gone', names
    ) into jobs;
    removed := jsonb_build_object('processing_jobs', cardinality(jobs));
    foreach item in array array['user_profiles', 'conversation_chunks'] || array(
        select format('gateway.%I', c.relname)
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped
        where c.relnamespace = 'gateway'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        order by 1
    ) loop
        if item = 'gateway.outbox' then  -- their deliveries
            delete from procrastinate_jobs q using gateway.outbox m
            where m.user_id = any(names) and q.args ->> 'message_id' = m.id::text;
        end if;
        execute format('delete from %s where user_id = any(%L)', item, names);
        get diagnostics gone = row_count;
        removed := removed || jsonb_build_object(item, gone);
    end loop;
    delete from procrastinate_jobs
    where args ->> 'job_id' = any(jobs) or args ->> 'user_id' = any(names) or lock = any(names);
    get diagnostics gone = row_count;
    return removed || jsonb_build_object('procrastinate_jobs', gone);
end $$;

-- For a trigger on Supabase's `auth.users`, where the rights of the tables' owner are needed whoever deletes.
create function gateway.forget_departed() returns trigger language plpgsql security definer as $$
begin
    perform gateway.forget_user(old.id::text);
    return null;
end $$;
do $$
begin
    execute format(
        'alter function gateway.forget_departed() set search_path to %s, pg_temp', current_setting('search_path')
    );
end $$;

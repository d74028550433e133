-- Calls evenly spaced, with a burst of a few after a pause ("virtual scheduling", the continuous form of a token
-- bucket; ITU-T I.371). One statement books the slot, so that workers queue in the database and nobody polls: the
-- answer is how many seconds the caller must wait for its slot.

-- name: book
insert into gateway.pace as bucket (name, next_at)
values (
    %(name)s,
    clock_timestamp() + make_interval(secs => %(cost)s::float8 - %(burst)s::float8)
)
on conflict (name) do update
    set next_at = greatest(bucket.next_at, clock_timestamp() - make_interval(secs => %(burst)s::float8))
        + make_interval(secs => %(cost)s::float8)
returning greatest(0, extract(epoch from next_at - clock_timestamp()) - %(cost)s::float8)::float8

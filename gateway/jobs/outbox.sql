-- Messages to the web back end.

-- name: load
select payload::text, attempts from gateway.outbox
where id = %(id)s and delivered_at is null and gave_up_at is null;

-- name: record
update gateway.outbox
set attempts = attempts + 1, last_error = %(error)s::text,
    delivered_at = case when %(error)s::text is null then now() end,
    gave_up_at = case when %(error)s::text is not null and %(final)s then now() end
where id = %(id)s and delivered_at is null;

-- name: find_open
select m.id::text from gateway.outbox m
where m.delivered_at is null and m.gave_up_at is null and m.created_at < now() - make_interval(secs => %(seconds)s)
order by m.created_at
offset %(skip)s limit %(limit)s
for update skip locked;

-- Who leads what.

-- name: leaders
-- All who lead, for how many seconds more, and what each left for the others to see.
select work, name, extract(epoch from until - clock_timestamp())::float8, seen from gateway.leaders
where until > clock_timestamp();

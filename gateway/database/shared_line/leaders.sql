-- Who leads what.

-- name: leaders
-- All who lead, and for how many seconds more.
select work, name, extract(epoch from until - clock_timestamp())::float8 from gateway.leaders
where until > clock_timestamp();

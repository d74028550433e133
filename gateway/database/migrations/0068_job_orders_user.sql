-- Whose jobs an order is for, where it is for one user's: it goes with everything else of a user who leaves.
alter table gateway.job_orders add column if not exists user_id text generated always as (wanted ->> 'user') stored;

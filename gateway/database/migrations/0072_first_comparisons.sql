-- Each user's first pair, which is what every rate of comparisons counts, is found without sorting all pairs.

create index comparisons_first on gateway.comparisons (mode, user_id, created_at, job_id) include (one, other, class);

"""What is remembered of users, in the database: read before a run, written with its result, forgotten when asked."""

"""A fault test: kills workers, the API and Postgres under load, then checks that nothing was lost, doubled or torn."""

"""The database: its pool, what being away means, the embedded server, migrations, and what is kept for how long."""

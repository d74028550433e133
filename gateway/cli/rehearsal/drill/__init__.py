"""The rollback drill: real processes in a scratch folder, a candidate that is broken on purpose, and what happens."""

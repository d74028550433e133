"""Rehearsals: invented users, the demo and the rollback drill. No process that serves imports anything of it."""

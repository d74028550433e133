"""Plans, decisions, and what has ended: We decided on oak; I no longer smoke."""

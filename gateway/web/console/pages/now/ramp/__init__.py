"""The ramp on Now: how it stands, and the orders that a person may give it."""

"""`gateway rollout off` and `on`."""

"""How the gateway changes a rollout, writes down every change, and tells all its processes at once."""

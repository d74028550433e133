"""What every request passes on its way to a route: limits, keys, counts and the trace that it came with."""

"""A process that serves: its start, its HTTP server, and its orderly stop."""

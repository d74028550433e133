"""Orders for all jobs that match a filter: run again, or cancelled, batch by batch, in the server."""

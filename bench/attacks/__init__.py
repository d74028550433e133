"""What strangers send to take a gateway down, sent to a real one: its memory, and how fast `/health` answers."""

"""The frames: each reads one kind of first-person clause and yields candidate facts."""

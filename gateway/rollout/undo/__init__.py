"""Undoing one change of the history: `plan` says what that takes, `act` does it."""

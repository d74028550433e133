"""Passing routes on to the service that this gateway replaces, byte for byte, for as long as a team needs it."""

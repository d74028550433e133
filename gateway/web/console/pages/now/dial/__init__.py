"""Turning the dial: the form, its preview, what it does, and what somebody else did meanwhile."""

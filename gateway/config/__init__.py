"""What a setting may be: everything read from the environment, checked before anything starts."""

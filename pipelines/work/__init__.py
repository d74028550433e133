"""How work is done: side by side within a limit, and through files where memory is short."""

"""A run in a process of its own: forked ahead of any pipeline's code, limited, served over a socket, always ended."""

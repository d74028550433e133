"""Who: which version a user gets and why; who got one."""

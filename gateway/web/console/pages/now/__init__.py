"""Now: what is asked for, what is in force, and the dial."""

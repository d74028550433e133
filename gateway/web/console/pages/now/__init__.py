"""Now: what is asked for, what is in force, what users got, and the dial."""

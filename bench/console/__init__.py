"""How fast the console is beside much data, and what many open tabs cost those who send imports."""

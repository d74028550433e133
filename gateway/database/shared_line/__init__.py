"""One connection a process, for all that it hears of and asks again and again."""

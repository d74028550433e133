"""One run of a job: its claim, its ports, what interrupts it, and how it ends."""

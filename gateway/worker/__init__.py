"""A process that works: takes jobs from the queues, and looks after what must be done again and again."""

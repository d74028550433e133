"""What Now reads of small tables and partial indexes, all at once."""

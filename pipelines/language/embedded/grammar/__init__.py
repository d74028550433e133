"""English as the embedded engine reads it: words, phrases, verb groups, clauses, sentences."""

"""People and animals, health, and where the user lives: I have two cats; I live in Ghent."""

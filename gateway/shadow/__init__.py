"""Shadow comparisons: the other pipeline runs over a user's import, and the two results are compared."""

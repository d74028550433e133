"""The language engine that the settings choose, its rate limit and its counts."""

"""The process in which a pipeline runs for a comparison, and what goes in and out of it."""

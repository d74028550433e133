"""The four questions about a version that is rolled out: what is known, how sure that is, and what is missing."""

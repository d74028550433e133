"""Compare: pairs of results, the worst first."""

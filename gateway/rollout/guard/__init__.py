"""Judges every version that is being rolled out by what its users' jobs did, and may turn it off; it raises nothing."""

"""What every page says after everything was turned off: since when, what still moves, why, and the way back."""

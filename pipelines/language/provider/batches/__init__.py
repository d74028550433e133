"""Asking by a vendor's batch interface: at half the price, for what nobody waits for."""

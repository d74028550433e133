"""How wide it goes: what is measured here, and what that says of more processes than this machine has room for."""

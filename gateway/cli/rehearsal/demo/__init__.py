"""A rehearsal anyone can run: invented people with known facts, and the ramp and rollback played over them."""

"""The rehearsal of a whole rollout: a ramp, comparisons, a version that breaks, and how all is put right."""

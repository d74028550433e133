"""The console: pages at `/console` on which operators see the rollout, change it and turn it back."""

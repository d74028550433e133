"""The console: pages at `/console` on which operators see the rollout, change it and turn it back.

access/ who may, draw/ pictures, pages/ one folder each.
"""

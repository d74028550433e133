"""Calls to a model: asked, limited, tried again, counted."""

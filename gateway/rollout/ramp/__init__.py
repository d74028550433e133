"""Ramps: raise the dial step by step, each step held for time and for evidence, every step written down."""

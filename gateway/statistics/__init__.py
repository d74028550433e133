"""Tests and intervals that hold however often one looks, and what they cost: values only."""

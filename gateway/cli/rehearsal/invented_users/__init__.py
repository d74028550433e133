"""Invented people and their exports in ChatGPT's form, the same every time."""

"""The route that callers live by: an import is read, decided, committed and answered."""

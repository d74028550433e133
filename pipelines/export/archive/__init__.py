"""The JSON texts inside an export file: plain, gzip or ZIP."""

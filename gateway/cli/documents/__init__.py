"""The documents that commands print with `--json`: their shapes, which the reference shows and tests hold."""

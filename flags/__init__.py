"""Which pipeline serves which user: decisions, their sources and their control; knows no gateway and no pipeline."""

from flags.source import FlagSource, open_source

__all__ = ["FlagSource", "open_source"]

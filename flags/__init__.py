"""Which pipeline serves which user: decisions, their sources and their control; knows no gateway and no pipeline."""

from flags.control import FlagControl, open_control
from flags.source import FlagSource, open_source

__all__ = ["FlagControl", "FlagSource", "open_control", "open_source"]

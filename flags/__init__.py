"""Which pipeline serves which user: decisions, their sources and their control; knows no gateway and no pipeline."""

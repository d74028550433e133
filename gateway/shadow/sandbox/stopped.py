"""How a comparison's process is ended from outside."""


class Stopped(Exception):
    """The shadow was ended before it answered."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason

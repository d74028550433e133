"""The ways in which a change to the rollout fails."""

from flags.model import Pipeline, Rollout


class ControlError(Exception):
    """A change was not made."""


class InvalidChange(ControlError):
    """The change itself is wrong."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class Conflict(ControlError):
    """Somebody else changed the flags meanwhile; `current` is what they say now."""

    def __init__(self, current: Rollout, pipeline: Pipeline | None = None) -> None:
        now = current.of(pipeline or current.candidate)
        state = "on" if now.enabled else "off"
        super().__init__(
            f"somebody else changed the rollout: it is now {now.percent:g} %, {state} (version {current.version})"
        )
        self.current = current


class ControlUnavailable(ControlError):
    """The flags cannot be changed now: the server does not answer, or the file cannot be used."""

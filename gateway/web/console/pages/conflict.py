"""What is shown where somebody else changed the rollout meanwhile: nothing is written, three lines are said."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conflicting:
    """What was seen, what there is now and who did it, what is wanted."""

    saw: str
    now: str
    by: str
    want: str

"""Shapes of documents about putting back, rehearsing, and looking after the database; the reference shows
the comment beside a field."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict


class RestoreCount(TypedDict):
    """`--dry-run`: users whose live result another version made."""

    dry_run: bool
    to: str
    restorable: int  # they have a result of the target
    published_since: int
    missing: int  # they never had one
    can_rerun: int  # of those: it is known which export they sent
    under_way: int  # jobs of other versions that will still publish
    missing_users: list[str]  # at most 1,000


class Restored(TypedDict):
    """What a run put back."""

    run: int
    to: str
    state: str
    restored: int  # users
    chunks_gone: int  # of them: they keep the chunks of their latest import
    superseded: bool  # somebody began one the other way round
    restorable: int
    published_since: int
    missing: int
    can_rerun: int
    under_way: int
    run_again: int  # jobs, by --rerun-missing
    missing_users: list[str]


# By the functional form, since `from` is a word of the language.
RestoredFrom = TypedDict(
    "RestoredFrom",
    {
        "from": str,
        "missing": int,
        "by_version": dict[str, int],
        "dry_run": NotRequired[bool],
        "left_alone": NotRequired[int],
        "superseded": NotRequired[bool],
    },
)
RestoredFrom.__doc__ = "`--from` without `--to`: users by the older version whose result they get back."


class Migrated(TypedDict):
    """What was done to the database; with `--check`, what there would be to do."""

    applied: list[str]  # migrations; empty with --check, which fails where one is missing
    closed_jobs: int  # that the service before this one left open
    open: list[str]  # what strangers may do
    drifted: list[str]  # what of the app's tables no longer takes what the gateway writes


class PartsChecked(TypedDict):
    """What this machine imposes on runs and comparisons, and the pipelines that can be used."""

    confinement: str
    pipelines: list[str]


@dataclass(frozen=True, slots=True)
class Mend:
    """Something about the database, and the statement that mends it."""

    severity: str  # open, drifted, or less
    what: str
    statement: str


class DatabaseChecked(TypedDict):
    """What is open or has drifted; exit code 1 where something has to be mended."""

    findings: list[Mend]


class Drilled(TypedDict):
    """What a drill measured, in seconds; where it says v2, it says the newest version."""

    verdict: str
    detection_seconds: float | None
    flip_seconds: list[float]  # until each process decided by it
    last_v2_start_seconds: float | None  # null: none started after the flip
    late_v2_starts: int
    ramp_state: str
    accepted: int
    posted: int
    complete: int
    failed: int  # by the fault
    failed_otherwise: int
    unfinished: int
    rescued: int
    rescued_complete: int
    to_restore: int
    restored: int
    equal: int  # users who see to the byte what they saw before
    hung: bool
    gone_seconds: float | None
    did_not_hold: list[str]

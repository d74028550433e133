"""Which document each command prints with `--json`, on success; by its options, where there are several."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.cli.documents import jobs, rollout, upkeep
from gateway.jobs.listing import JobCount, ListedJob
from gateway.jobs.memories.forget import Forgotten
from gateway.jobs.memories.listing import RememberedFact
from gateway.jobs.orders.model import JobOrder
from gateway.jobs.outcomes import Outcomes
from gateway.jobs.users import VersionUser, VersionUsers
from gateway.restore.listing import RestoreUser
from gateway.rollout.guard.looks import GuardLook
from gateway.rollout.guard.price import StepPrice
from gateway.rollout.processes.live import LiveProcess
from gateway.shadow.report.queries import ListedPair, ShownPair
from gateway.shadow.report.report import Report

Shape = Any  # a type, or `list[...]` of one
SILENT: Final = ("serve", "worker", "demo")  # they run on, or play for a person
ROWS: Final = dict[str, int]  # table -> rows

# `off` prints the switch too where neither the flags nor the database say what the rollout is.
# The first of a command's lines whose options were all given holds; the last is the one without.
DOCUMENTS: Final[Mapping[str, tuple[tuple[str, Shape], ...]]] = {
    "migrate": (("", upkeep.Migrated),),
    "check": (("--database", upkeep.DatabaseChecked), ("", upkeep.PartsChecked)),
    "submit": (("", jobs.Submitted),),
    "result": (("", jobs.UserResult),),
    "explain": (("", jobs.Explained),),
    "rollback": (
        ("--list", list[RestoreUser]),
        ("--to --dry-run", upkeep.RestoreCount),
        ("--to", upkeep.Restored),
        ("--from", upkeep.RestoredFrom),
        ("--dry-run", upkeep.RestoreCount),
        ("", upkeep.Restored),
    ),
    "jobs list": (("", list[ListedJob]),),
    "jobs count": (("", list[JobCount]),),
    "jobs show": (("", jobs.JobShown),),
    "jobs cancel": (("--all", jobs.Ordered), ("", jobs.JobState)),
    "jobs retry": (("--all", jobs.Ordered), ("", jobs.JobState)),
    "jobs orders": (("", list[JobOrder]),),
    "rollout show": (("", rollout.Rollout),),
    "rollout processes": (("", list[LiveProcess]),),
    "rollout guard": (("", list[rollout.GuardedShown]),),
    "rollout looks": (("", list[GuardLook]),),
    "rollout set": (("--preview", rollout.PreviewShown), ("", rollout.Rollout)),
    "rollout promote": (("", rollout.Promoted),),
    "rollout demote": (("", rollout.Demoted),),
    "rollout off": (("--local", rollout.Switched), ("", rollout.Rollout)),
    "rollout on": (("--local", rollout.Switched), ("", rollout.Rollout)),
    "rollout force": (("", rollout.Rollout),),
    "rollout shadow": (("", rollout.Rollout),),
    "rollout history": (("", list[rollout.EntryShown]),),
    "rollout undo": (("", rollout.Undone),),
    "rollout note": (("", rollout.EntryShown),),
    "ramp start": (("--preview", list[StepPrice]), ("", rollout.RampShown)),
    "ramp pause": (("", rollout.RampShown),),
    "ramp resume": (("", rollout.RampShown),),
    "ramp abort": (("", rollout.RampShown),),
    "ramp status": (("", rollout.RampShown),),
    "flags init": (("", rollout.FlagsCreated),),
    "shadow report": (("", Report),),
    "shadow list": (("", list[ListedPair]),),
    "shadow show": (("", ShownPair),),
    "users by-version": (("", list[VersionUsers]),),
    "users outcomes": (("", list[Outcomes]),),
    "users list": (("", list[VersionUser]),),
    "users forget": (("", ROWS),),
    "users erase": (("", ROWS),),
    "users facts": (("", list[RememberedFact]),),
    "users forget-facts": (("", Forgotten),),
    "drill rollback": (("", upkeep.Drilled),),
}


def shape_of(arguments: tuple[str, ...]) -> Shape:
    """The document of a command as it was called. Raises KeyError for one that has none."""
    name = next((name for name in (" ".join(arguments[:2]), arguments[0]) if name in DOCUMENTS), " ".join(arguments))
    given = {argument.partition("=")[0] for argument in arguments}
    return next(shape for options, shape in DOCUMENTS[name] if set(options.split()) <= given)

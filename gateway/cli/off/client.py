"""How commands turn a version off: in the flags where there is no database, else by whichever way answers."""

from typing import TYPE_CHECKING

from gateway.cli.rollout_client import Seen, change, control_if_any, current_actor, has_database, report_failures
from gateway.cli.settings import read_settings
from gateway.rollout.all_off.flags_off import FlagsOff

if TYPE_CHECKING:
    from flags.model import Override, Pipeline


def switch_off(pipeline: "Pipeline | None", why: str, *, every: bool) -> "tuple[Seen | None, Override | None]":
    """Turn it off by whichever way answers: the rollout afterwards, None if nobody knows it, and what overrides it."""
    settings = read_settings()
    if not has_database(settings):
        return change(FlagsOff() if every else lambda control: control.turn_off(pipeline), why, pipeline), None

    async def run() -> "tuple[Seen | None, Override | None]":
        from gateway.cli.off.switch import turn_off
        from gateway.rollout.control import installed_versions
        from gateway.rollout.history import By

        version = None if every else pipeline or installed_versions(settings).candidate
        async with control_if_any(settings) as control:
            return await turn_off(settings, control, By(current_actor(), "cli", why), version)

    return report_failures(run)


def switch_locally(why: str, *, on: bool) -> "Override | None":
    """Throw the override, or lift it; what is in force afterwards."""
    from gateway.cli import rollout_records

    return rollout_records.switch_override(read_settings(), current_actor(), why, on=on)

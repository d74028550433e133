"""Says why a list about one version is empty, where that version is not there."""

from collections.abc import Sized

from gateway.cli.output import warn


def warn_absent(version: str | None, found: Sized) -> None:
    """One line on standard error; a version that was removed, whose jobs are still there, is found all the same."""
    if version is None or found:
        return
    from pipelines.registry import find_pipelines  # noqa: PLC0415 - a list that is not empty needs none

    declared = find_pipelines().declared
    if version not in declared:
        warn(f"there is no version {version!r}: {', '.join(declared)}")
